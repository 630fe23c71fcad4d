import { beforeAll, expect, test } from 'vitest';
import { fileCode } from '#functions/lookup/dialects/file-code.ts';
import { transcriptionIdOf } from '#functions/lookup/dialects/salesloft/transcription-id.ts';
import { eraseRecord } from '#test/support/erase.ts';
import { epoch } from '#test/support/records.ts';
import { clock, get, put, setUpLookupTable, store } from './lookup-table.ts';

setUpLookupTable();

let gone: { id: string; uuid: string; externalId: string };
beforeAll(async () => {
  clock.now = epoch + 600_000;
  gone = await put('support', 'gone', { durationMs: 5_000 });
  await put('support', 'there', { durationMs: 4_000 });
  await eraseRecord(store, gone.uuid);
});

test('an erased conversation is not found under any of its names, as one that never was', async () => {
  for (const name of [encodeURIComponent(gone.id), gone.uuid]) {
    for (const more of ['', '/transcript', '/history', '/media/recording-1', '/vcon']) {
      expect((await get(`/v1/conversations/${name}${more}`)).status, more).toBe(404);
    }
  }
  const ids = (await get(`/v1/conversations?ids=${gone.uuid}`)).json();
  expect(ids).toEqual({ conversations: [], notFound: [gone.uuid] });
});

test('an erased conversation is on no list and in no dialect', async () => {
  for (const query of ['', '&sort=updatedAt', '&sort=durationMs']) {
    const window = '?startedFrom=2026-11-01T00:00:00Z&startedTo=2026-11-20T00:00:00Z';
    const listed = (await get(`/v1/conversations${window}${query}`)).json().conversations;
    expect(
      listed.map(({ externalId }: { externalId: string }) => externalId),
      query,
    ).toEqual(['there']);
  }
  const code = fileCode({ uuid: gone.uuid, key: 'recording-1' });
  const targets = [
    ...['/conversation-analyzer/interactions', '/interaction-content/interactions', '/v2/conversations'].map(
      (path) => `${path}/${gone.uuid}`,
    ),
    ...[`/calls/${gone.uuid}/recordings`, `/recordings/${code}`, `/get-call?call_id=${gone.uuid}`],
    `/v2/transcriptions/${transcriptionIdOf(gone.uuid)}`,
  ];
  const accept = (target: string): Record<string, string> =>
    target.includes('interactions') ? { accept: 'application/vnd.newvoicemedia.v3+json' } : {};
  for (const target of targets) expect((await get(target, 'crm', accept(target))).status, target).toBe(404);
});

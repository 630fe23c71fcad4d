import { beforeAll, describe, expect, test } from 'vitest';
import type { Reading } from '#functions/lookup/records/reads.ts';
import { extendHistory } from '#shared/domain/history.ts';
import { formatInstant } from '#shared/domain/instant.ts';
import { putVersion } from '#shared/storage/conversations.ts';
import { epoch, recordOf } from '#test/support/records.ts';
import { connectionsFile, lookupOver, settleMs, type TestLookup } from './lookup-harness.ts';
import { clock, get, store } from './lookup-table.ts';
import { call1, foreign, odd, path, setUpThreeConversations } from './three-conversations.ts';

setUpThreeConversations();

describe('the history of a conversation', () => {
  test('is told to who may see the record, and to nobody else', async () => {
    const record = recordOf('told');
    const artifacts = { 'media:a/b': { state: 'pending' as const, at: formatInstant(epoch) } };
    const conversation = { ...record.conversation, artifacts };
    const history = extendHistory(null, { conversation, cause: 'backfill', changed: ['media:a/b', 'title'] });
    await putVersion(store, { ...record, conversation }, 0, { history });
    const answer = await get(`${path(conversation.id)}/history`, 'reader');
    expect(answer.json()).toEqual({
      versions: [{ version: 1, at: formatInstant(epoch), cause: 'backfill', changed: ['media:a/b', 'title'] }],
    });
    expect((await get(`${path(conversation.uuid)}/history`)).text).toBe(answer.text);
    const hidden = await get(`${path(foreign.id)}/history`, 'limited');
    const missing = await get(`${path('support:none')}/history`, 'limited');
    expect([hidden.status, hidden.text]).toEqual([404, missing.text]);
    expect((await get(`${path(conversation.id)}/history?limit=1`)).status).toBe(400);
  });

  test('is empty of a conversation that was stored before it was kept', async () => {
    expect((await get(`${path(call1.id)}/history`)).json()).toEqual({ versions: [] });
  });
});

describe('a reading of transcripts', () => {
  const noted: (readonly Reading[])[] = [];
  let lookup: TestLookup;
  let token: string;
  beforeAll(async () => {
    const reads = { note: async (readings: readonly Reading[]) => void noted.push(readings) };
    lookup = lookupOver(store, clock, connectionsFile, settleMs, { reads });
    token = await lookup.token('crm');
  });
  const notedBy = async (target: string): Promise<unknown> => {
    noted.length = 0;
    expect((await lookup.get(target, token)).status).toBe(200);
    return noted.map((readings) =>
      readings.map(({ client, conversation, kind }) => [client, conversation, kind].join(' ')),
    );
  };

  test('is noted once a request, of each conversation whose transcript is sent', async () => {
    const ids = [call1.id, odd.id, foreign.uuid, call1.uuid].map(encodeURIComponent).join(',');
    const reading = (id: string) => `crm ${id} transcript`;
    expect(await notedBy(`/v1/conversations?ids=${ids}&include=transcript`)).toEqual([
      [reading(call1.id), reading(foreign.id)],
    ]);
    expect(await notedBy(`${path(call1.id)}?include=transcript`)).toEqual([[reading(call1.id)]]);
    expect(await notedBy(`${path(call1.id)}/transcript`)).toEqual([[reading(call1.id)]]);
  });

  test('is not noted where none is sent', async () => {
    expect(await notedBy(`/v1/conversations?ids=${encodeURIComponent(call1.id)}`)).toEqual([]);
    expect(await notedBy(`${path(odd.id)}?include=transcript`)).toEqual([]);
    expect(await notedBy(path(call1.id))).toEqual([]);
  });

  test('that cannot be noted is not answered', async () => {
    const reads = { note: () => Promise.reject(new Error('the log is away')) };
    const silent = lookupOver(store, clock, connectionsFile, settleMs, { reads });
    const answer = await silent.get(`${path(call1.id)}/transcript`, await silent.token('crm'));
    expect([answer.status, answer.text.includes('Hello')]).toEqual([500, false]);
  });
});

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ListedFile } from '#shared/domain/media.ts';
import { minute, openPolling, type Polling, record } from '#test/support/polling.ts';
import { epoch } from '#test/support/records.ts';
import type { ToyRecord } from '#test/support/toy-provider.ts';

let polling: Polling;
beforeEach(async () => {
  polling = await openPolling();
});
afterEach(() => polling.opened.close());

const asked = (all: readonly string[], what: string) => all.filter((asking) => asking.startsWith(what));
const file = (more: Partial<ListedFile> = {}): ListedFile => ({
  key: 'callRecording',
  kind: 'callRecording',
  contentType: 'audio/wav',
  bytes: 10,
  revision: '1',
  ...more,
});

describe('a list without stamps', () => {
  it('has its details asked for in the batches of the provider', async () => {
    const records = Array.from({ length: 7 }, (_, i) => record(i + 1));
    const provider = polling.toy({ records: () => records, pageSize: 10, batch: 3, withDetail: true });
    expect((await polling.poll(provider)).counts.discovered).toBe(7);
    expect(asked(provider.asked, 'detail')).toEqual(['detail r1,r2,r3', 'detail r4,r5,r6', 'detail r7']);
  });

  it('costs no details where it says nothing new, and those of one record where that is changed', async () => {
    const records = [record(1), record(2)];
    const provider = polling.toy({ records: () => records, batch: 50, withDetail: true });
    await polling.poll(provider);
    polling.clock += 1_000;
    expect((await polling.poll(provider)).counts.unchanged).toBe(2);
    records[1] = record(2, { title: 'renamed' });
    polling.clock += 1_000;
    expect((await polling.poll(provider)).counts).toMatchObject({ updated: 1, unchanged: 1 });
    expect(asked(provider.asked, 'detail')).toEqual(['detail r1,r2', 'detail r2']);
    expect((await polling.stored('r2'))?.transcript?.text).toBe('hi');
  });

  it('brings a file that appears later, and a new revision without a new version', async () => {
    const records: ToyRecord[] = [record(1)];
    const provider = polling.toy({ records: () => records, withDetail: true });
    await polling.poll(provider);
    records[0] = record(1, { files: [file()] });
    polling.clock += 1_000;
    await polling.poll(provider);
    expect((await polling.stored('r1'))?.conversation).toMatchObject({
      version: 2,
      artifacts: { 'media:callRecording': { state: 'pending' } },
    });
    records[0] = record(1, { files: [file({ revision: '2' })] });
    polling.clock += 1_000;
    await polling.poll(provider);
    expect((await polling.stored('r1'))?.conversation).toMatchObject({
      version: 2,
      files: [{ key: 'callRecording', revision: '2', copiedRevision: null }],
    });
  });
});

describe('a file under a key without end', () => {
  it('is quarantined with its record: it would not fit into events and jobs', async () => {
    const provider = polling.toy({
      records: () => [record(1, { files: [file({ key: 'k'.repeat(513) })] }), record(2)],
    });
    expect((await polling.poll(provider)).counts).toMatchObject({ quarantined: 1, discovered: 1 });
  });
});

describe('files whose copy is awaited', () => {
  const connection = { recheck: ['1m', '5m'] };

  it('are asked for at each offset by a copy and not by a question, the last time as the last', async () => {
    const provider = polling.toy({ records: () => [record(1, { files: [file()] })], connection });
    await polling.poll(provider);
    const { uuid } = (await polling.stored('r1'))?.conversation ?? {};
    for (const at of [minute, 5 * minute]) {
      polling.clock = epoch + at;
      await polling.poll(provider);
    }
    const job = { connection: 'toy', uuid, key: 'callRecording' };
    expect(polling.copies).toEqual([
      { ...job, last: false },
      { ...job, last: true },
    ]);
    expect(asked(provider.asked, 'again')).toEqual([]);
  });

  it('are overdue a day after the last offset even where no copy ever ran', async () => {
    const provider = polling.toy({ records: () => [record(1, { files: [file()] })], connection });
    await polling.poll(provider);
    polling.clock = epoch + 6 * minute;
    await polling.poll(provider);
    expect((await polling.stored('r1'))?.conversation.artifacts).toMatchObject({
      'media:callRecording': { state: 'pending' },
    });
    polling.clock = epoch + 6 * minute + 86_400_000;
    await polling.poll(provider);
    expect((await polling.stored('r1'))?.conversation.artifacts).toMatchObject({
      'media:callRecording': { state: 'overdue' },
    });
  });

  it('are not missed where the last asking itself was the first to name them', async () => {
    const { transcript: _, ...silent } = record(1);
    const records: ToyRecord[] = [silent];
    const provider = polling.toy({ records: () => records, connection: { recheck: ['1m'], lookback: '1s' } });
    await polling.poll(provider);
    polling.clock = epoch + 30_000;
    await polling.poll(provider);
    records[0] = record(1, { files: [file()] });
    polling.clock = epoch + 2 * minute;
    await polling.poll(provider);
    expect((await polling.stored('r1'))?.conversation).toMatchObject({
      completedVersion: null,
      artifacts: { 'media:callRecording': { state: 'pending' }, transcript: { state: 'ready' } },
    });
  });

  it('are not even known where the connection does not want them', async () => {
    const records = () => [record(1, { files: [file(), file({ key: 'v1', kind: 'voicemail' })] })];
    await polling.poll(polling.toy({ records, connection: { media: ['voicemail'] } }));
    const { files, artifacts } = (await polling.stored('r1'))?.conversation ?? {};
    expect(files?.map(({ key }) => key)).toEqual(['v1']);
    expect(Object.keys(artifacts ?? {})).toEqual(['media:v1', 'transcript']);
  });
});

describe('due artifacts', () => {
  it('are asked for in the batches of the provider', async () => {
    const silent = [1, 2, 3, 4, 5].map((n) => {
      const { transcript: _, ...rest } = record(n);
      return rest;
    });
    const connection = { recheck: ['1m'] };
    const provider = polling.toy({ records: () => silent, batch: 3, connection });
    await polling.poll(provider);
    polling.clock = epoch + minute / 2;
    await polling.poll(provider);
    polling.clock = epoch + minute;
    await polling.poll(provider);
    const batches = asked(provider.asked, 'again').map((asking) => asking.slice('again '.length).split(','));
    expect(batches.map(({ length }) => length)).toEqual([3, 2]);
    expect(batches.flat().toSorted()).toEqual(['r1', 'r2', 'r3', 'r4', 'r5']);
  });

  it('come in time when `expect` does not name them, and are never missed', async () => {
    const { transcript: _, ...silent } = record(1);
    const records: ToyRecord[] = [silent];
    const connection = { recheck: ['1m'], expect: ['summary'] };
    const provider = polling.toy({ records: () => records, connection });
    await polling.poll(provider);
    expect(Object.keys((await polling.stored('r1'))?.conversation.artifacts ?? {})).toEqual(['summary']);
    records[0] = record(1);
    polling.clock = epoch + 2 * minute;
    await polling.poll(provider);
    const { artifacts } = (await polling.stored('r1'))?.conversation ?? {};
    expect(artifacts).toMatchObject({ transcript: { state: 'ready' }, summary: { state: 'overdue' } });
  });
});

import { DeleteObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { reprocessRunner } from '#functions/operate/reprocess.ts';
import { type RunEnd, runOperation } from '#functions/operate/run-operation.ts';
import { expectationOf } from '#shared/domain/expectation.ts';
import { readHistory } from '#shared/domain/history.ts';
import { conversationId, identify } from '#shared/domain/identity.ts';
import { withMedia } from '#shared/domain/media-copy.ts';
import { newOperation } from '#shared/domain/operation.ts';
import { type ReprocessResult, reprocessResult } from '#shared/domain/operation-reprocess.ts';
import { withOverdue } from '#shared/domain/overdue.ts';
import { writeVersion } from '#shared/ingest/write-version.ts';
import type { Connector, Normalized } from '#shared/providers/connector.ts';
import { conversationKey } from '#shared/storage/conversation-item.ts';
import { getRecord } from '#shared/storage/conversations.ts';
import { countQuarantined } from '#shared/storage/count-rows.ts';
import { cancelOperation, getOperation, putOperation } from '#shared/storage/operations.ts';
import { eraseRecord } from '#test/support/erase.ts';
import { minute, openPolling, type Polling, record } from '#test/support/polling.ts';
import { readVault } from '#test/support/raw-vault.ts';
import type { Toy, ToyRecord } from '#test/support/toy-provider.ts';

let polling: Polling;
let runs = 0;
beforeEach(async () => {
  polling = await openPolling();
});
afterEach(() => polling.opened.close());

const uuidOf = (id: string) => identify('talkdesk', 'toy', id).uuid;
const known = async (id: string) => {
  const found = await getRecord(polling.opened.store, uuidOf(id));
  if (!found) throw new Error(`${id} is not stored`);
  return found;
};
const titleOf = async (id: string) => (await known(id)).record.conversation.title;

/** The toy with a later mapper. */
function mapping({ connector }: Toy, change: (seen: Normalized) => Normalized): Connector {
  const streams = connector.streams.map((stream) => ({
    ...stream,
    normalize: (answer: Parameters<typeof stream.normalize>[0]) => change(stream.normalize(answer)),
  }));
  return { ...connector, mapper: 2, streams };
}
const shouting = (seen: Normalized): Normalized => ({
  ...seen,
  content: { ...seen.content, title: seen.content.title?.toUpperCase() ?? null },
});

async function run(id: string, provider: Toy, connector: Connector, isTimeUp = () => false): Promise<RunEnd> {
  const context = { store: polling.opened.store, now: () => polling.clock, slowPutMs: 5_000 };
  const runner = reprocessRunner({
    ...context,
    connections: () => [provider.connection],
    connectorOf: () => connector,
  });
  const holder = `run-${++runs}`;
  return runOperation({ ...context, runners: { reprocess: runner }, isTimeUp, holder }, { kind: 'reprocess', id });
}
const ask = (id: string, request: object) =>
  putOperation(polling.opened.store, newOperation('reprocess', id, { connection: 'toy', ...request }, polling.clock));
async function reprocess(provider: Toy, connector: Connector, request: object = {}): Promise<ReprocessResult> {
  const id = `op-${++runs}`;
  await ask(id, request);
  expect(await run(id, provider, connector)).toBe('done');
  const operation = await getOperation(polling.opened.store, { kind: 'reprocess', id });
  expect(operation?.progress.done).toBe(operation?.progress.total);
  return reprocessResult.parse(operation?.result);
}
async function polled(more: Partial<Parameters<Polling['toy']>[0]> = {}, records?: ToyRecord[]): Promise<Toy> {
  const all = records ?? [1, 2, 3].map((n) => record(n));
  const provider = polling.toy({ records: () => all, pageSize: 2, ...more });
  await polling.poll(provider);
  provider.asked.length = 0;
  return provider;
}

describe('a reprocess', () => {
  it('changes nothing where the answers give what is stored, and asks no provider', async () => {
    const provider = await polled({ withDetail: true });
    const before = await known('r1');
    const result = await reprocess(provider, provider.connector);
    expect(result).toMatchObject({ count: 0, unchanged: 3, changes: [] });
    expect(await known('r1')).toEqual(before);
    expect(provider.asked).toEqual([]);
  });

  it('says in a dry run what it would change, and then changes just that, as one version', async () => {
    const provider = await polled();
    const later = mapping(provider, shouting);
    const named = ['r3', 'r2', 'r1'].map((id) => ({ id: conversationId('toy', id), changed: ['title'] }));
    const dry = await reprocess(provider, later, { dryRun: true });
    expect(dry).toMatchObject({ count: 3, unchanged: 0, changes: named });
    expect(await titleOf('r1')).toBe('title 1');
    polling.clock += minute;
    expect(await reprocess(provider, later)).toEqual(dry);
    const { record: stored, history, packs } = await known('r1');
    expect(stored.conversation).toMatchObject({ title: 'TITLE 1', version: 2 });
    expect(readHistory({ conversation: stored.conversation, history }).at(-1)).toMatchObject({
      cause: 'reprocess',
      changed: ['title'],
    });
    expect(packs).not.toBe('');
    polling.clock += minute;
    expect(await reprocess(provider, later)).toMatchObject({ count: 0, unchanged: 3 });
    expect(provider.asked).toEqual([]);
  });

  it('takes all answers together, late ones too, and keeps what is ours', async () => {
    let late: Partial<ToyRecord> = { transcript: undefined as never };
    const file = { key: 'a', kind: 'recording', contentType: null, bytes: null, revision: '1' };
    const [one, two] = [record(1, { files: [file] }), record(2)];
    const provider = polling.toy({
      records: () => [
        { ...one, ...late },
        { ...two, transcript: undefined as never },
      ],
      ...{ withDetail: true, connection: { recheck: ['5m'], media: true } },
    });
    await polling.poll(provider);
    late = {};
    polling.clock += 6 * minute;
    await polling.poll(provider);
    const { store } = polling.opened;
    const expectation = expectationOf(provider.connection, provider.connector.promised);
    const context = { store, now: () => polling.clock, slowPutMs: 5_000, expectation };
    const media = {
      key: 'a',
      kind: 'recording',
      contentType: 'audio/wav',
      bytes: 1,
      sha512: 'f',
      object: 'media/x/y/1',
    };
    await writeVersion(
      context,
      uuidOf('r1'),
      true,
      (current) => current && withMedia(current, { media, revision: '1' }, polling.clock),
    );
    await writeVersion(
      context,
      uuidOf('r2'),
      true,
      (current) => current && withOverdue(current, expectation, polling.clock),
    );
    expect((await known('r2')).record.conversation.artifacts['transcript']?.state).toBe('overdue');
    const before = await known('r1');
    expect(await reprocess(provider, provider.connector)).toMatchObject({ count: 0, unchanged: 2 });
    await reprocess(provider, mapping(provider, shouting));
    const { record: after } = await known('r1');
    const { conversation } = before.record;
    expect(after).toEqual({
      transcript: before.record.transcript,
      conversation: {
        ...conversation,
        title: 'TITLE 1',
        version: conversation.version + 1,
        updatedAt: after.conversation.updatedAt,
      },
    });
    expect((await known('r2')).record.conversation.artifacts['transcript']?.state).toBe('overdue');
  });

  it('leaves whole what it has not all answers of, and what was erased', async () => {
    const provider = await polled(
      {},
      [1, 2, 3, 4].map((n) => record(n)),
    );
    const { store } = polling.opened;
    await store.documents.send(
      new UpdateCommand({ TableName: store.table, Key: conversationKey(uuidOf('r4')), UpdateExpression: 'REMOVE rw' }),
    );
    await eraseRecord(store, uuidOf('r3'));
    const { Contents: [first] = [] } = await store.objects.send(
      new ListObjectsV2Command({ Bucket: store.bucket, Prefix: 'raw/' }),
    );
    await store.objects.send(new DeleteObjectCommand({ Bucket: store.bucket, Key: first?.Key }));
    const later = mapping(provider, shouting);
    const result = await reprocess(provider, later);
    expect(result.count + result.missingPacks).toBe(2);
    expect(result.missingPacks).toBeGreaterThan(0);
    expect(result.withoutRaw).toBe(1);
    expect(await titleOf('r4')).toBe('title 4');
    const ids = ['toy:r3', 'toy:none', uuidOf('r4')];
    expect(await reprocess(provider, later, { ids })).toMatchObject({ notFound: 2, withoutRaw: 1, count: 0 });
  });

  it('leaves what a later mapper does not understand', async () => {
    const { RecordInvalid } = await import('#shared/domain/errors.ts');
    const provider = await polled();
    const refusing = mapping(provider, () => {
      throw new RecordInvalid(['no']);
    });
    expect(await reprocess(provider, refusing)).toMatchObject({ count: 0, notUnderstood: 3 });
  });

  it('takes the conversations of a span, or of some ids', async () => {
    const provider = await polled();
    const later = mapping(provider, shouting);
    const at = (n: number) => new Date(record(n).at).toISOString();
    const dry = { dryRun: true };
    const names = async (request: object) =>
      (await reprocess(provider, later, { ...dry, ...request })).changes.map(({ id }) => id);
    expect(await names({ from: at(2), to: at(1) })).toEqual(['toy:r2']);
    expect(await names({ to: at(2) })).toEqual(['toy:r3']);
    expect(await names({ from: at(2) })).toEqual(['toy:r2', 'toy:r1']);
    expect((await names({ ids: ['toy:r3', uuidOf('r1'), 'toy:r3'] })).toSorted()).toEqual(['toy:r1', 'toy:r3']);
  });

  it('stores quarantined records that are understood now, and forgets that they were there', async () => {
    let broken: Partial<ToyRecord> = { broken: true };
    const records = [record(1), record(2), record(3)];
    const all = () => [records[0] as ToyRecord, { ...record(2), ...broken }, { ...record(3), broken: true as const }];
    const provider = await polled({ records: all });
    broken = {};
    const { store } = polling.opened;
    expect((await countQuarantined(store, 'toy')).count).toBe(2);
    const [stream] = provider.connector.streams;
    if (!stream) throw new Error('no stream');
    // The mapper of r2 is mended, that of r3 is not.
    const normalize: typeof stream.normalize = (answer) => {
      const listed = answer.listed as ToyRecord;
      return stream.normalize(listed.id === 'r2' ? { ...answer, listed: { ...listed, broken: undefined } } : answer);
    };
    const mended = { ...provider.connector, mapper: 2, streams: [{ ...stream, normalize }] };
    const dry = await reprocess(provider, mended, { dryRun: true });
    expect(dry).toMatchObject({
      count: 1,
      restored: 1,
      unchanged: 1,
      quarantined: 1,
      changes: [{ id: 'toy:r2', changed: [] }],
    });
    expect((await countQuarantined(store, 'toy')).count).toBe(2);
    expect(await reprocess(provider, mended)).toEqual(dry);
    expect(await titleOf('r2')).toBe('title 2');
    expect((await countQuarantined(store, 'toy')).count).toBe(1);
    const { Contents: left = [] } = await store.objects.send(
      new ListObjectsV2Command({ Bucket: store.bucket, Prefix: 'quarantine/' }),
    );
    expect(left).toHaveLength(1);
    expect(await readVault(store)).toMatchObject({ unkept: [], unnamed: [] });
    polling.clock += minute;
    expect(await reprocess(provider, mended)).toMatchObject({ count: 0, unchanged: 2, quarantined: 1 });
  });

  it('goes on from where it was stopped, and ends where it is cancelled', async () => {
    const provider = await polled();
    const later = mapping(provider, shouting);
    await ask('steps', {});
    let ends = 0;
    while ((await run('steps', provider, later, () => true)) === 'timeUp' && ends < 20) ends += 1;
    expect(ends).toBeGreaterThan(2);
    expect((await getOperation(polling.opened.store, { kind: 'reprocess', id: 'steps' }))?.result).toMatchObject({
      count: 3,
    });
    await ask('cancelled', {});
    await run('cancelled', provider, later, () => true);
    await cancelOperation(polling.opened.store, { kind: 'reprocess', id: 'cancelled' });
    expect(await run('cancelled', provider, later)).toBe('ended');
  });
});

import { DeleteObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { expectationOf } from '#shared/domain/expectation.ts';
import { readHistory } from '#shared/domain/history.ts';
import { conversationId } from '#shared/domain/identity.ts';
import { withMedia } from '#shared/domain/media-copy.ts';
import { withOverdue } from '#shared/domain/overdue.ts';
import { writeVersion } from '#shared/ingest/write-version.ts';
import type { Connector, Normalized } from '#shared/providers/connector.ts';
import { conversationKey } from '#shared/storage/conversation-item.ts';
import { cancelOperation, getOperation } from '#shared/storage/operations.ts';
import { eraseRecord } from '#test/support/erase.ts';
import { minute, openPolling, type Polling, record } from '#test/support/polling.ts';
import { openReprocessing, type Reprocessing, uuidOf } from '#test/support/reprocessing.ts';
import type { Toy, ToyRecord } from '#test/support/toy-provider.ts';

let polling: Polling;
let reprocessing: Reprocessing;
beforeEach(async () => {
  polling = await openPolling();
  reprocessing = openReprocessing(polling);
});
afterEach(() => polling.opened.close());

const known: Reprocessing['known'] = (id) => reprocessing.known(id);
const titleOf: Reprocessing['titleOf'] = (id) => reprocessing.titleOf(id);
const ask: Reprocessing['ask'] = (...asked) => reprocessing.ask(...asked);
const run: Reprocessing['run'] = (...asked) => reprocessing.run(...asked);
const reprocess: Reprocessing['reprocess'] = (...asked) => reprocessing.reprocess(...asked);
const polled: Reprocessing['polled'] = (...asked) => reprocessing.polled(...asked);

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

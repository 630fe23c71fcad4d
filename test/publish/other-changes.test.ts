import { PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { DynamoDBRecord } from 'aws-lambda';
import { beforeEach, describe, expect, it } from 'vitest';
import { connectionHealth } from '#functions/lookup/v1/connection-health.ts';
import type { ChangeFeed } from '#infra/local/dynamodb/change-feed.ts';
import { formatInstant } from '#shared/domain/instant.ts';
import { operationsPrefix, stateChange } from '#shared/facts/table.ts';
import { connectors } from '#shared/providers/registry.ts';
import { publishBatch } from '#shared/publish/publish-batch.ts';
import { documentsOver } from '#shared/storage/document-client.ts';
import { openDriftNotes } from '#shared/storage/drift.ts';
import { listStreams, type RunEnd, releaseLease, renewLease, takeLease } from '#shared/storage/streams.ts';
import { openEmbedded } from '#test/support/embedded-dynamodb.ts';
import { epoch } from '#test/support/records.ts';
import { connect, setUpSessionAccount } from '#test/support/session-account.ts';
import { createEarshotTable } from '#test/support/table.ts';
import { type FakeOutlets, fakeOutlets } from './fake-outlets.ts';

setUpSessionAccount();

const table = 'earshot';
let fake: FakeOutlets;
let feed: ChangeFeed;
let store: { documents: ReturnType<typeof documentsOver>; table: string };

beforeEach(async () => {
  fake = fakeOutlets();
  const embedded = await openEmbedded();
  feed = embedded.feed;
  store = { documents: documentsOver(embedded.client()), table };
  await createEarshotTable(embedded.client(), table);
});

/** Publishes everything that was ever written, as Lambda would bring it. */
async function publish(): Promise<void> {
  // The endpoint's records are those of the service, but for the types of single attributes.
  const records = (await feed.read(table, '', 1_000)) as unknown as DynamoDBRecord[];
  expect(await publishBatch(fake.outlets, records)).toEqual({ batchItemFailures: [] });
}

const failed = (code: string, failures: number, at = epoch): RunEnd => ({ lastError: { code, at }, failures });
const succeeded: RunEnd = { lastSuccessAt: epoch + 9 };

/** Runs of a connection, one after the other, that end so; null for one that asked nothing. */
async function run(connection: string, ...ends: (RunEnd | null)[]): Promise<void> {
  for (const end of ends) {
    const taken = await takeLease(store, { connection, stream: 'calls', provider: 'vonage' }, epoch, 30_000);
    if (!taken) throw new Error('no lease');
    await renewLease(store, taken.lease, epoch + 60_000);
    await releaseLease(store, taken.lease, end);
  }
}

/** State of a connection as the lookup shows it. */
async function stateOf(id: string): Promise<string> {
  const connection = connect({ id, provider: 'vonage' });
  const streams = (await listStreams(store)).filter((stream) => stream.connection === id);
  return connectionHealth(connection, streams, epoch).state;
}

describe('a connection', () => {
  it('degrades with the third failed run and recovers with the next good one, told once each', async () => {
    await run('a', succeeded, failed('ProviderUnavailable', 1), failed('ProviderUnavailable', 2), null);
    expect(await stateOf('a')).toBe('healthy');
    await run('a', failed('ProviderUnavailable', 3, epoch + 5), null, failed('Unexpected', 4));
    expect(await stateOf('a')).toBe('degraded');
    await run('a', succeeded, succeeded, null);
    expect(await stateOf('a')).toBe('healthy');
    // What lets a write through to publish stands in no other.
    const told = (await feed.read(table, '', 1_000)).filter(({ dynamodb }) => dynamodb.NewImage?.[stateChange]);
    expect(told).toHaveLength(2);
    await publish();
    await publish();
    const [degraded, recovered, ...repeated] = fake.events();
    expect(degraded).toMatchObject({
      id: 'a/1/earshot.connection.degraded.v1',
      subject: 'a',
      time: formatInstant(epoch + 5),
      data: {
        connection: 'a',
        provider: 'vonage',
        href: '/v1/connections/a',
        code: 'ProviderUnavailable',
        failures: 3,
      },
    });
    expect(recovered).toMatchObject({
      id: 'a/2/earshot.connection.recovered.v1',
      time: formatInstant(epoch + 9),
      data: { stream: 'calls', change: 2 },
    });
    expect(repeated).toEqual([degraded, recovered]);
  });

  it('degrades at once on rejected credentials, and stays so while runs fail for another reason', async () => {
    await run('b', failed('CredentialsRejected', 1), failed('ProviderUnavailable', 2));
    expect(await stateOf('b')).toBe('degraded');
    await run('b', succeeded, failed('CredentialsRejected', 1));
    await publish();
    expect(fake.out).toEqual([
      'event b/1/earshot.connection.degraded.v1',
      'event b/2/earshot.connection.recovered.v1',
      'event b/3/earshot.connection.degraded.v1',
    ]);
  });

  it('tells nothing of a write that left the state as it was', async () => {
    await run('c', failed('CredentialsRejected', 1));
    const Key = { pk: 'streams', sk: 'c#calls' };
    const change = { UpdateExpression: 'SET note = :n', ExpressionAttributeValues: { ':n': 'by hand' } };
    await store.documents.send(new UpdateCommand({ TableName: table, Key, ...change }));
    await publish();
    expect(fake.out).toEqual(['event c/1/earshot.connection.degraded.v1']);
  });

  it('has one stream at every provider: the changes of its stream are counted as its own', () => {
    for (const { provider, streams } of connectors) expect(streams, provider).toHaveLength(1);
  });
});

describe('drift', () => {
  const connection = { id: 'support', provider: 'vonage' as const };
  const writes = async () => (await feed.read(table, '', 1_000)).length;

  it('is told once for each field, whoever sees it again', async () => {
    const note = openDriftNotes(store);
    await note(connection, new Set(['calls[].mood', 'a=<new>']), epoch);
    await note(connection, new Set(['calls[].mood']), epoch + 1);
    await openDriftNotes(store)(connection, new Set(['a=<new>', 'b']), epoch + 2);
    expect(await writes()).toBe(3);
    await publish();
    expect(fake.events()).toMatchObject([
      { id: 'support/calls[].mood/1/earshot.provider.drift.v1', data: { field: 'calls[].mood' } },
      { id: 'support/a=<new>/1/earshot.provider.drift.v1', subject: 'support/a=<new>', time: formatInstant(epoch) },
      { id: 'support/b/1/earshot.provider.drift.v1', data: { href: '/v1/connections/support', provider: 'vonage' } },
    ]);
  });

  it('of two runners at once is told once', async () => {
    const [one, two] = [openDriftNotes(store), openDriftNotes(store)];
    await Promise.all([one, two].map((note) => note(connection, new Set(['x']), epoch)));
    expect(await writes()).toBe(1);
  });

  it('ends for a provider that makes up names without end', async () => {
    const names = Array.from({ length: 210 }, (_, i) => `field${i}`);
    await openDriftNotes(store)(connection, new Set(names), epoch);
    await openDriftNotes(store)(connection, new Set(['another']), epoch);
    expect(await writes()).toBe(200);
  });
});

describe('an operation', () => {
  const key = { pk: `${operationsPrefix}replays`, sk: '018f' };

  it('that was asked for becomes a job, and its progress none', async () => {
    await store.documents.send(new PutCommand({ TableName: table, Item: { ...key, operation: { state: 'queued' } } }));
    await store.documents.send(
      new UpdateCommand({
        TableName: table,
        Key: key,
        UpdateExpression: 'SET v = :v',
        ExpressionAttributeValues: { ':v': 2 },
      }),
    );
    await publish();
    expect(fake.out).toEqual(['operation replays 018f']);
  });

  it('that polls work off becomes none', async () => {
    const backfill = { pk: `${operationsPrefix}backfills`, sk: '018f' };
    await store.documents.send(new PutCommand({ TableName: table, Item: backfill }));
    await publish();
    expect(fake.out).toEqual([]);
  });

  it('whose job is refused ends the batch', async () => {
    await store.documents.send(new PutCommand({ TableName: table, Item: key }));
    fake.refuses = () => true;
    const [record] = (await feed.read(table, '', 1)) as unknown as DynamoDBRecord[];
    expect(await publishBatch(fake.outlets, record ? [record] : [])).toEqual({
      batchItemFailures: [{ itemIdentifier: record?.dynamodb?.SequenceNumber }],
    });
  });
});

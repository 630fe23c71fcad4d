import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import type { DynamoDBRecord } from 'aws-lambda';
import { setGlobalDispatcher } from 'undici';
import { pollConnection } from '#functions/poll/poll-connection.ts';
import { publishBatch } from '#functions/publish/publish-batch.ts';
import { type DynamodbEndpoint, startDynamodb } from '#infra/local/dynamodb/endpoint.ts';
import { fakeNetwork } from '#infra/local/fakes/dispatcher.ts';
import { startS3 } from '#infra/local/s3/start-s3.ts';
import type { StoredConversation } from '#shared/domain/conversation.ts';
import { conversationSort } from '#shared/facts/table.ts';
import { createTokenCache } from '#shared/http/oauth.ts';
import { openSession } from '#shared/ingest/session.ts';
import { findConnector } from '#shared/providers/registry.ts';
import { unpackRecord } from '#shared/storage/conversation-item.ts';
import { documentsOver, type Store } from '#shared/storage/document-client.ts';
import { quarantinePartition } from '#shared/storage/quarantine.ts';
import { listStreams } from '#shared/storage/streams.ts';
import { testDynamodbClient } from '#test/support/dynamodb.ts';
import { epoch } from '#test/support/records.ts';
import { createEarshotTable } from '#test/support/table.ts';
import { gated, gatedBus, gatedNetwork } from './clients.ts';
import { type Gate, passGate, runThrough } from './gate.ts';
import type { CrashWorld } from './worlds.ts';

const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };

/** The embedded endpoints, shared by all cases of a test file; each case has a table of its own. */
export type Machine = { dynamodb: DynamodbEndpoint; store: Store; plain: Store; close: () => Promise<void> };

export async function startMachine(): Promise<Machine> {
  const dataDir = await mkdtemp(join(tmpdir(), 'earshot-crash-'));
  const [dynamodb, s3] = await Promise.all([startDynamodb({ dataDir: null }), startS3({ dataDir, credentials })]);
  const objects = () =>
    new S3Client({ endpoint: s3.url, region: 'us-east-1', forcePathStyle: true, maxAttempts: 1, credentials });
  const storeOver = (through: <T extends S3Client | ReturnType<typeof testDynamodbClient>>(client: T) => T): Store => ({
    documents: documentsOver(through(testDynamodbClient(dynamodb.url))),
    objects: through(objects()),
    bucket: 'earshot-crash',
    table: '',
  });
  const plain = storeOver((client) => client);
  await plain.objects.send(new CreateBucketCommand({ Bucket: plain.bucket }));
  return {
    dynamodb,
    store: storeOver(gated),
    plain,
    close: async () => {
      await Promise.all([dynamodb.close(), s3.close()]);
      await rm(dataDir, { recursive: true });
    },
  };
}

/** One case: a provider with a fixed past, an empty table, a bus. `run` polls and publishes as the functions do. */
export type Scenario = {
  clock: { now: number };
  run: (gate: Gate) => Promise<'ended' | 'stopped'>;
  /** event ids in the order of the bus, repeats included */
  eventIds: string[];
  conversations: () => Promise<StoredConversation[]>;
  /** external ids and digests of what is quarantined */
  quarantined: () => Promise<{ externalId: unknown; digest: unknown }[]>;
  /** ids that the checkpoint has passed and the store does not have: must be empty at every instant */
  passedButMissing: () => Promise<string[]>;
};

let tables = 0;

export async function openScenario(machine: Machine, world: CrashWorld): Promise<Scenario> {
  tables += 1;
  const table = `crash-${tables}`;
  await createEarshotTable(testDynamodbClient(machine.dynamodb.url), table);
  const [store, plain] = [machine.store, machine.plain].map((each): Store => ({ ...each, table })) as [Store, Store];
  const clock = { now: epoch };
  const now = () => clock.now;
  const eventIds: string[] = [];
  const bus = { client: gatedBus(eventIds), name: 'earshot' };
  let position = '';
  setGlobalDispatcher(gatedNetwork(fakeNetwork({ 'https://provider.example': world.fake(now) })));

  const publish = async (): Promise<void> => {
    for (;;) {
      const records = await passGate('ReadStream', () => machine.dynamodb.feed.read(table, position, 3));
      const last = records.at(-1);
      if (!last) return;
      const ours = records.filter(({ dynamodb }) => dynamodb.Keys['sk']?.['S'] === conversationSort);
      const { batchItemFailures } = await publishBatch(bus, ours as unknown as DynamoDBRecord[]);
      if (batchItemFailures.length > 0) throw new Error('the bus refused an event');
      position = last.dynamodb.SequenceNumber;
    }
  };

  const connector = findConnector(world.connection.provider);
  if (!connector) throw new Error(`no connector for ${world.connection.provider}`);
  const poll = () => {
    const ticking = {
      now,
      random: () => 0.5,
      sleep: async (ms: number) => {
        clock.now += ms;
      },
    };
    const secrets = { read: () => passGate('GetSecretValueCommand', async () => JSON.stringify(world.credentials)) };
    const options = { store, secrets, tokens: createTokenCache(ticking), clock: ticking };
    const open = () => openSession(world.connection, connector, options);
    const run = {
      connection: world.connection,
      connector,
      openSession: open,
      store,
      now,
      deadline: clock.now + 240_000,
      slowPutMs: 5_000,
    };
    return pollConnection(run);
  };

  const scan = async () => {
    const page = await plain.documents.send(new ScanCommand({ TableName: table, ConsistentRead: true }));
    return page.Items ?? [];
  };
  const conversations = async (): Promise<StoredConversation[]> =>
    (await scan()).filter(({ sk }) => sk === conversationSort).map(unpackRecord);
  const quarantined = async () => {
    const items = (await scan()).filter(({ pk }) => pk === quarantinePartition(world.connection.id));
    return items.map(({ externalId, digest }) => ({ externalId, digest }));
  };

  return {
    clock,
    eventIds,
    conversations,
    quarantined,
    run: (gate) =>
      runThrough(gate, () =>
        Promise.race([
          gate.stopped.then(() => 'stopped' as const),
          (async () => {
            for (const { stopped, error } of await poll()) {
              if (stopped === 'failed') throw error;
            }
            await publish();
            return 'ended' as const;
          })(),
        ]),
      ),
    passedButMissing: async () => {
      const [state] = await listStreams(plain);
      const passed = state?.checkpoint ? world.passedBy(state.checkpoint.live) : [];
      const safe = [...(await conversations()), ...(await quarantined())];
      const stored = new Set(safe.map(({ externalId }) => externalId));
      return passed.filter((id) => !stored.has(id));
    },
  };
}

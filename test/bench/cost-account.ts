import './quiet-log.ts';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import type { DynamoDBRecord } from 'aws-lambda';
import { getGlobalDispatcher, setGlobalDispatcher } from 'undici';
import { runJob } from '#functions/media/copy-job.ts';
import { pollConnection } from '#functions/poll/poll-connection.ts';
import { startDynamodb } from '#infra/local/dynamodb/endpoint.ts';
import { fakeNetwork } from '#infra/local/fakes/dispatcher.ts';
import { inventTalkdeskWorld } from '#infra/local/fakes/talkdesk/invent.ts';
import { talkdeskDefaults } from '#infra/local/fakes/talkdesk/settings.ts';
import { fakeTalkdesk } from '#infra/local/fakes/talkdesk/start.ts';
import { startS3 } from '#infra/local/s3/start-s3.ts';
import { type Connection, connectionSchema } from '#shared/domain/connections.ts';
import { expectationOf } from '#shared/domain/expectation.ts';
import { type MediaJob, mediaJobSchema } from '#shared/domain/media-job.ts';
import { operationJobSchema } from '#shared/domain/operation.ts';
import { conversationSort } from '#shared/facts/table.ts';
import { createTokenCache } from '#shared/http/oauth.ts';
import { openMediaDoor } from '#shared/ingest/media-session.ts';
import { openSession, type SessionOptions } from '#shared/ingest/session.ts';
import { copyMedia } from '#shared/media/copy-media.ts';
import { talkdesk } from '#shared/providers/talkdesk/connector.ts';
import { indexBatch } from '#shared/publish/index-batch.ts';
import { publishBatch } from '#shared/publish/publish-batch.ts';
import { documentsOver, type Store } from '#shared/storage/document-client.ts';
import { gatedBus, gatedQueue } from '#test/crash/clients.ts';
import { testDynamodbClient } from '#test/support/dynamodb.ts';
import { createEarshotTable } from '#test/support/table.ts';
import { type VirtualClock, virtualClock } from '#test/support/virtual-clock.ts';
import { benchNow, pageSize, talkdeskShape } from './shape.ts';
import { meterWrites, type Write } from './write-meter.ts';

/** What storing some conversations took, from the poll to the last event and the last file. */
export type CostRun = {
  conversations: number;
  writes: Write[];
  /** ids of the events on the bus */
  eventIds: string[];
  /** calls to the bucket by name, with the first part of the key behind it */
  objectCalls: Record<string, number>;
  /** files to copy: a message is sent, received and deleted, the first ten at a time */
  jobs: number;
  sendings: number;
  invocations: number;
};

const table = 'costs';
const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
const batch = 100;

/** Polls an account of Talkdesk, sends out what follows, copies every file, and counts what was asked of AWS. */
export async function runAccount(conversations: number): Promise<CostRun> {
  const clock = virtualClock(benchNow);
  const folder = await mkdtemp(join(tmpdir(), 'earshot-costs-'));
  const [dynamodb, s3] = await Promise.all([
    startDynamodb({ dataDir: null }),
    startS3({ dataDir: folder, credentials }),
  ]);
  const [client, looking] = [testDynamodbClient(dynamodb.url), testDynamodbClient(dynamodb.url)];
  const objects = new S3Client({ endpoint: s3.url, region: 'us-east-1', forcePathStyle: true, credentials });
  const network = getGlobalDispatcher();
  setGlobalDispatcher(fakeNetwork({ 'https://provider.example': accountOf(conversations, clock.now) }));
  try {
    await createEarshotTable(looking, table);
    await objects.send(new CreateBucketCommand({ Bucket: table }));
    const store: Store = { documents: documentsOver(client), table, objects, bucket: table };
    const run: CostRun = {
      ...{ conversations, writes: meterWrites(client, looking), eventIds: [], objectCalls: countCalls(objects) },
      ...{ jobs: 0, sendings: 0, invocations: 0 },
    };
    await workOff(run, { store, clock }, (after) => dynamodb.feed.read(table, after, batch));
    return run;
  } finally {
    setGlobalDispatcher(network);
    for (const one of [client, looking, objects]) one.destroy();
    await Promise.all([dynamodb.close(), s3.close()]);
    await rm(folder, { recursive: true });
  }
}

type Deployed = { store: Store; clock: VirtualClock };
type Feed = (
  after: string,
) => Promise<readonly { dynamodb: { SequenceNumber: string; Keys: Record<string, { S?: string }> } }[]>;

async function workOff(run: CostRun, deployed: Deployed, feed: Feed): Promise<void> {
  const { store, clock } = deployed;
  const media = gatedQueue(mediaJobSchema, clock.now);
  const outlets = {
    bus: { client: gatedBus({ eventIds: run.eventIds, replayedIds: [] }), name: 'earshot', sleep: clock.sleep },
    log: store,
    queues: new Map([[connection.provider, media.queue]]),
    operations: gatedQueue(operationJobSchema, clock.now).queue,
  };
  run.invocations += 1;
  await poll(deployed);
  let place = '';
  for (;;) {
    const records = await feed(place);
    const changes = records.filter(({ dynamodb }) => dynamodb.Keys['sk']?.S === conversationSort);
    if (changes.length > 0) {
      run.invocations += 2;
      const before = media.messages.length;
      // The endpoint's records are those of the service, but for the types of single attributes.
      const batchOfStream = changes as unknown as DynamoDBRecord[];
      const { batchItemFailures } = await publishBatch(outlets, batchOfStream);
      if (batchItemFailures.length > 0) throw new Error('publish failed');
      await indexBatch(store, batchOfStream, clock.now());
      run.sendings += Math.ceil((media.messages.length - before) / 10);
    }
    place = records.at(-1)?.dynamodb.SequenceNumber ?? place;
    if (records.length > 0) continue;
    if (media.messages.length === 0) return;
    for (const { job } of media.messages.splice(0)) {
      run.jobs += 1;
      run.invocations += 1;
      await copy(deployed, job);
    }
  }
}

const connection: Connection = connectionSchema.parse({
  ...{ id: 'calls', provider: 'talkdesk', baseUrl: 'https://provider.example', backfill: '0ms', lookback: '4h' },
  tokenUrl: 'https://provider.example/oauth/token',
  credentials: { secret: 'calls' },
  rateLimit: { perMinute: 1_000_000 },
  media: true,
});
const { clientId, clientSecret } = talkdeskDefaults;
const secrets = { read: async () => JSON.stringify({ clientId, clientSecret }) };

const optionsOf = ({ store, clock }: Deployed): SessionOptions => ({
  ...{ store, secrets, clock, tokens: createTokenCache(clock) },
});

async function poll(deployed: Deployed): Promise<void> {
  const { store, clock } = deployed;
  const open = () => openSession(connection, talkdesk, optionsOf(deployed));
  const summaries = await pollConnection({
    ...{ connection, connector: talkdesk, openSession: open, store, now: clock.now },
    ...{ deadline: clock.now() + 240_000, slowPutMs: 5_000, requestCopies: async () => {} },
  });
  for (const { stopped } of summaries) if (stopped !== 'done') throw new Error(`the run ended ${stopped}`);
}

async function copy(deployed: Deployed, wanted: MediaJob): Promise<void> {
  const { store, clock } = deployed;
  const session = await openSession(connection, talkdesk, { ...optionsOf(deployed), lane: 'backfill' });
  const { media } = talkdesk;
  if (!media) throw new TypeError('no media');
  const context = {
    ...{ store, clock, now: clock.now, slowPutMs: 5_000, session, media, signal: new AbortController().signal },
    ...{ expectation: expectationOf(connection, talkdesk.promised), door: openMediaDoor(session, clock) },
  };
  const sendAgain = async () => {
    throw new Error('a copy had to wait');
  };
  await runJob({ copy: (job) => copyMedia(context, job), sendAgain, now: clock.now }, wanted);
}

/** Calls of the last hours, with everything ready and a recording each, which has some KB: bytes cost storage, not requests. */
function accountOf(conversations: number, now: () => number) {
  const [from, to] = [benchNow - 3 * 3_600_000, benchNow - 3_600_000];
  const { interactions } = inventTalkdeskWorld('costs', from, to, 2 * conversations, talkdeskShape);
  const calls = interactions.filter(({ recordings }) => recordings.length === 1).slice(0, conversations);
  const short = calls.map((call) => ({
    ...call,
    recordings: call.recordings.map((each) => ({ ...each, bytes: 4_096 })),
  }));
  return fakeTalkdesk({ world: { interactions: short }, now, settings: { pageSize, media: 'bytes' } });
}

/** Counts a client's calls by their names and the first part of the key. */
function countCalls({ middlewareStack }: S3Client): Record<string, number> {
  const calls: Record<string, number> = {};
  middlewareStack.add(
    (next, { commandName = '' }) =>
      (call) => {
        const { Key: key = '' } = call.input as { Key?: string };
        const name = `${commandName} ${key.split('/')[0]}`;
        calls[name] = (calls[name] ?? 0) + 1;
        return next(call);
      },
    { step: 'initialize' },
  );
  return calls;
}

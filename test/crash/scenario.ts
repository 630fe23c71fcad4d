import { type Dispatcher, setGlobalDispatcher } from 'undici';
import { askForRetention } from '#functions/operate/retention.ts';
import { pollConnection } from '#functions/poll/poll-connection.ts';
import { fakeNetwork } from '#infra/local/fakes/dispatcher.ts';
import { inboxJobSchema } from '#shared/domain/delivery.ts';
import { mediaJobSchema } from '#shared/domain/media-job.ts';
import { operationJobSchema } from '#shared/domain/operation.ts';
import type { Clock } from '#shared/http/clock.ts';
import { createTokenCache } from '#shared/http/oauth.ts';
import type { SessionOptions } from '#shared/ingest/session.ts';
import { openSession } from '#shared/ingest/session.ts';
import { findConnector } from '#shared/providers/registry.ts';
import { publishBatch } from '#shared/publish/publish-batch.ts';
import { sendJobs } from '#shared/storage/job-queue.ts';
import { leastPartBytes } from '#shared/storage/media-uploads.ts';
import { askForBackfill } from './backfills.ts';
import { gatedBus, gatedQueue } from './clients.ts';
import { copyNext } from './copies.ts';
import type { Deployed } from './deployed.ts';
import { askForErasure, indexer } from './erasures.ts';
import { type Gate, heard, openGate, passGate, runThrough } from './gate.ts';
import { ingestNext, sendHooks } from './hooks.ts';
import type { Machine } from './machine.ts';
import { gatedNetwork } from './network.ts';
import { type Account, type Left, openLeft, publishedOf } from './outcome.ts';
import type { Prepared } from './prepared.ts';
import { askForReplay, askForReprocess, operateNext } from './replays.ts';
import { type CrashWorld, filesHost, start } from './world.ts';

/** One case: a provider with a fixed past, an empty table, a bus and a queue. `run` does what the functions do. */
export type Scenario = Left & {
  account: Account;
  clock: { now: number };
  run: (gate: Gate) => Promise<'ended' | 'stopped'>;
};

/** How the undisturbed steps before have left a case. */
export type Beginning = {
  /** null: nothing yet */
  prepared: Prepared | null;
  now: number;
  eventIds: readonly string[];
  calls: readonly string[];
  isPublished: boolean;
};

const nothing: Beginning = { prepared: null, now: start, eventIds: [], calls: [], isPublished: false };

/** Takes the steps that lie before, from which every case of this world begins. */
export async function beginningOf(machine: Machine, world: CrashWorld): Promise<Beginning> {
  if (world.before.length === 0) return nothing;
  const scenario = await openScenario(machine, { ...world, run: world.before }, nothing);
  const gate = openGate(null);
  await scenario.run(gate);
  const isPublished = world.before.includes('deliver');
  const { now } = scenario.clock;
  const { takeDown, told } = scenario.account;
  return { prepared: await takeDown(), now, eventIds: told.eventIds, calls: gate.calls, isPublished };
}

export async function openScenario(machine: Machine, world: CrashWorld, beginning: Beginning): Promise<Scenario> {
  const place = await machine.openPlace(beginning.prepared ?? undefined);
  const { store, feed } = place;
  const connector = findConnector(world.connection.provider);
  if (!connector) throw new Error(`no connector for ${world.connection.provider}`);
  const time = { now: beginning.now };
  const clock: Clock = {
    now: () => time.now,
    random: () => 0.5,
    sleep: async (ms) => {
      time.now += ms;
    },
  };
  const deployed: Deployed = {
    ...{ world, connector, store, clock, endTime: () => {} },
    told: { eventIds: [...beginning.eventIds], replayedIds: [] },
    copies: gatedQueue(mediaJobSchema, clock.now),
    inbox: gatedQueue(inboxJobSchema, clock.now),
    operations: gatedQueue(operationJobSchema, clock.now),
  };
  const unanswered = new Set(world.hooks?.sent);
  const account: Account = { ...place, world, told: deployed.told };
  const published = beginning.isPublished ? (await feed.read(store.table, '', 1_000)).at(-1) : undefined;
  const begin = published?.dynamodb.SequenceNumber ?? '';
  const publish = publisher(deployed, account, begin);
  const index = indexer(deployed, account, begin);
  setGlobalDispatcher(networkOf(deployed));

  const act = async (): Promise<'ended'> => {
    const options = sessionOptions(deployed);
    for (const step of world.run) {
      if (typeof step === 'number') time.now += step;
      else if (step === 'poll') await poll(deployed, options);
      else if (step === 'hooks') await sendHooks(deployed, unanswered);
      else if (step === 'replay') await askForReplay(deployed);
      else if (step === 'reprocess') await askForReprocess(deployed);
      else if (step === 'backfill') await askForBackfill(deployed);
      else if (step === 'erase') await askForErasure(deployed);
      else if (step === 'retain') await askForRetention(store, [world.connection], clock.now());
      else await deliver(deployed, options, { publish, index });
    }
    return 'ended';
  };
  return {
    ...openLeft(account),
    account,
    clock: time,
    run: (gate) => runThrough(gate, () => Promise.race([gate.stopped.then(() => 'stopped' as const), act()])),
  };
}

/** The provider, which ends the time of the first copy that has brought a part of a longer file. */
function networkOf(deployed: Deployed): Dispatcher {
  const provider = deployed.world.fake(deployed.clock.now);
  const network = fakeNetwork({ 'https://provider.example': provider, [filesHost.origin]: provider });
  let hasEnded = false;
  return gatedNetwork(network, async ({ bytes, isWhole }) => {
    if (!isWhole || bytes <= leastPartBytes) return;
    if (!(await heard('UploadPartCommand')) || hasEnded) return;
    deployed.endTime();
    hasEnded = true;
  });
}

/** A process reads its secret once and keeps its token. */
function sessionOptions({ world, store, clock }: Deployed): SessionOptions {
  let secret: Promise<string> | undefined;
  const read = () => {
    secret ??= passGate('GetSecretValueCommand', async () => JSON.stringify(world.credentials));
    return secret;
  };
  return { store, secrets: { read }, tokens: createTokenCache(clock), clock };
}

async function poll({ world, connector, store, clock, copies }: Deployed, options: SessionOptions): Promise<void> {
  const { connection } = world;
  const summaries = await pollConnection({
    ...{ connection, connector, store, now: clock.now, slowPutMs: 5_000 },
    openSession: () => openSession(connection, connector, options),
    deadline: clock.now() + 240_000,
    requestCopies: (jobs) => sendJobs(copies.queue, jobs),
  });
  for (const { stopped, error } of summaries) {
    if (stopped === 'failed') throw error;
  }
}

/** Brings the table's stream to the publish function; true where there was something. The place moves behind the end. */
function publisher(
  { world, copies, operations, told }: Deployed,
  account: Account,
  begin: string,
): () => Promise<boolean> {
  const queues = new Map([[world.connection.provider, copies.queue]]);
  const bus = { client: gatedBus(told), name: 'earshot' };
  const outlets = { bus, log: account.store, queues, operations: operations.queue };
  let position = begin;
  return async () => {
    const records = await passGate('ReadStream', () => account.feed.read(account.store.table, position, 100));
    const last = records.at(-1);
    const changes = publishedOf(records);
    if (changes.length > 0) {
      const { batchItemFailures } = await publishBatch(outlets, changes);
      if (batchItemFailures.length > 0) throw new Error('the bus or the queue refused something');
    }
    await passGate('MovePlace', async () => {
      position = last?.dynamodb.SequenceNumber ?? position;
    });
    return changes.length > 0;
  };
}

type Readers = { publish: () => Promise<boolean>; index: () => Promise<void> };

async function deliver(deployed: Deployed, options: SessionOptions, { publish, index }: Readers): Promise<void> {
  const { inbox, copies, operations } = deployed;
  const isWaiting = (): boolean => [inbox, copies, operations].some(({ messages }) => messages.length > 0);
  while ((await publish()) || isWaiting()) {
    while (await ingestNext(deployed, options));
    while (await copyNext(deployed, options));
    while (await operateNext(deployed, publish));
  }
  await index();
}

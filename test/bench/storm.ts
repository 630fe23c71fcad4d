import './quiet-log.ts';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Message } from '@aws-sdk/client-sqs';
import type { LambdaFunctionURLEvent } from 'aws-lambda';
import pMap from 'p-map';
import { getGlobalDispatcher, setGlobalDispatcher } from 'undici';
import { workMessage } from '#functions/ingest/work-message.ts';
import { openAccounts } from '#functions/webhook/accounts.ts';
import { openInbox } from '#functions/webhook/inbox.ts';
import { openJudge } from '#functions/webhook/judge.ts';
import { serveWebhooks } from '#functions/webhook/serve.ts';
import { fakeNetwork } from '#infra/local/fakes/dispatcher.ts';
import { magpipeDefaults } from '#infra/local/fakes/magpipe/settings.ts';
import { fakeMagpipe } from '#infra/local/fakes/magpipe/start.ts';
import { connectionSchema } from '#shared/domain/connections.ts';
import type { Clock } from '#shared/http/clock.ts';
import { createTokenCache } from '#shared/http/oauth.ts';
import { openSession } from '#shared/ingest/session.ts';
import type { Session } from '#shared/providers/connector.ts';
import { magpipe } from '#shared/providers/magpipe/connector.ts';
import type { Store } from '#shared/storage/document-client.ts';
import { sendJobs } from '#shared/storage/job-queue.ts';
import { type TestStore, testStore } from '#test/support/store.ts';
import { benchHistory, hookSecret, quickLimit } from './hook-world.ts';
import { makeStorm, type Storm, type StormDelivery } from './storm-deliveries.ts';
import { countEnd, factsOf, type StormEnd } from './storm-end.ts';
import { openStormInbox, type StormInbox } from './storm-inbox.ts';

/**
 * How long the table refuses everything, from the first delivery on: each is worked off in vain once, and again a minute
 * later. And how many deliveries are on their way at once.
 */
const outageMs = 30_000;
const atOnce = 20;

const connection = connectionSchema.parse({
  ...{ id: 'calls', provider: 'magpipe', credentials: { secret: 'calls' }, media: false, rateLimit: quickLimit },
  webhook: { secrets: [{ secret: 'hook' }] },
});

type Run = {
  store: Store;
  clock: Clock & { advance: (ms: number) => void };
  inbox: StormInbox;
  /** one session for all, as a batch has one */
  session: () => Promise<Session>;
};

/**
 * So many deliveries, all sent while the table refuses every call: the real functions over the embedded endpoints, a fake
 * provider, and a clock of their own.
 */
export async function runStorm(count: number): Promise<StormEnd> {
  const clock = virtualTime(Date.parse('2100-01-04T09:00:00.000Z'));
  const storm = makeStorm(count, clock.now());
  const world = benchHistory(new Set(storm.deliveries.map(({ call }) => call)).size, clock.now());
  const provider = fakeMagpipe({ world, now: clock.now, rateLimit: { ...quickLimit, headers: 'none' } });
  const network = getGlobalDispatcher();
  const dataDir = await mkdtemp(join(tmpdir(), 'earshot-storm-'));
  const opened = await testStore();
  const inbox = await openStormInbox(dataDir, clock.now);
  setGlobalDispatcher(fakeNetwork({ 'https://api.magpipe.ai': provider }));
  try {
    const { store } = opened;
    const secrets = { read: async () => JSON.stringify({ token: magpipeDefaults.apiToken }) };
    const options = { store, secrets, tokens: createTokenCache(clock), clock };
    let session: Promise<Session> | undefined;
    const openOnce = () => (session ??= openSession(connection, magpipe, options));
    return await weather({ store, clock, inbox, session: openOnce }, opened, storm);
  } finally {
    setGlobalDispatcher(network);
    await Promise.all([inbox.close(), opened.close()]);
    await rm(dataDir, { recursive: true });
  }
}

async function weather(run: Run, opened: TestStore, storm: Storm): Promise<StormEnd> {
  const { clock, inbox } = run;
  const outage = refusing(opened);
  const end = clock.now() + outageMs;
  const statuses = await sendAll(run, storm.deliveries);
  const refused = storm.deliveries.filter(({ isForged }, n) => !isForged && statuses[n] !== 202);
  if (refused.length > 0) throw new Error(`${refused.length} genuine deliveries were refused`);
  let failedRuns = 0;
  while (clock.now() < end) {
    failedRuns += await inbox.drain((message) => work(run, message));
    clock.advance(30_000);
  }
  outage.end();
  for (let left = await inbox.left(); left.waiting > 0; left = await inbox.left()) {
    await inbox.drain((message) => work(run, message));
    clock.advance(30_000);
  }
  const { dead } = await inbox.left();
  return {
    ...(await countEnd({ store: run.store, connection: connection.id }, storm, statuses)),
    dead,
    facts: { ...factsOf(storm, statuses), failedRuns },
  };
}

/** Lets every call to the table fail as a refused connection does, until it ends. */
function refusing({ dynamodb }: TestStore): { end: () => void } {
  let isDown = true;
  dynamodb.client.middlewareStack.add(
    (next) => async (args) => {
      if (isDown) throw Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
      return next(args);
    },
    { step: 'initialize', name: 'outage' },
  );
  return {
    end: () => {
      isDown = false;
    },
  };
}

async function sendAll({ store, clock, inbox }: Run, deliveries: readonly StormDelivery[]): Promise<number[]> {
  const serve = serveWebhooks({
    find: openAccounts([connection], () => magpipe),
    judge: openJudge({ read: async () => hookSecret }),
    keep: openInbox(store, new Map([['magpipe', inbox.queue]])),
    now: clock.now,
  });
  return pMap(
    deliveries,
    async ({ headers, body }) => {
      const event = {
        ...{ rawPath: '/webhooks/calls', headers, body, isBase64Encoded: false },
        requestContext: { http: { method: 'POST' } },
      };
      const answer = await serve(event as unknown as LambdaFunctionURLEvent); // the fields that it reads
      return typeof answer === 'object' ? (answer.statusCode ?? 0) : 0;
    },
    { concurrency: atOnce },
  );
}

/** As functions/ingest/handler.ts does. */
function work({ store, clock, inbox, session }: Run, message: Message): Promise<boolean> {
  const attributes = { ApproximateReceiveCount: '1', ...message.Attributes };
  return workMessage(
    {
      ...{ store, now: clock.now, slowPutMs: 5_000, noteDrift: async () => undefined },
      accountOf: () => ({ connection, connector: magpipe }),
      openSession: session,
      random: clock.random,
      sendAgain: (job, delaySeconds) => sendJobs(inbox.queue, [job], delaySeconds),
    },
    { body: message.Body ?? '', attributes } as Parameters<typeof workMessage>[1],
  );
}

function virtualTime(start: number): Run['clock'] {
  let time = start;
  const advance = (ms: number): void => {
    time += ms;
  };
  return { now: () => time, random: () => 0.5, sleep: async (ms) => advance(ms), advance };
}

import './quiet-log.ts';
import { type Dispatcher, getGlobalDispatcher, setGlobalDispatcher } from 'undici';
import { pollConnection } from '#functions/poll/poll-connection.ts';
import { fakeNetwork } from '#infra/local/fakes/dispatcher.ts';
import { connectionSchema } from '#shared/domain/connections.ts';
import { durationMs } from '#shared/domain/duration.ts';
import { createTokenCache } from '#shared/http/oauth.ts';
import { openSession } from '#shared/ingest/session.ts';
import type { Connector } from '#shared/providers/connector.ts';
import type { Store } from '#shared/storage/document-client.ts';
import { listStreams } from '#shared/storage/streams.ts';
import { type EventClock, eventClock } from './event-clock.ts';
import { backfill, type HistoryWorld, type Limits, origin } from './history-worlds.ts';
import { type Metered, openNeighbour } from './neighbour.ts';
import { quickStore } from './quick-table.ts';
import { benchNow } from './shape.ts';

export type HistoryRun = {
  /** from the first tick till all is stored whole, by the clock of the run */
  elapsedMs: number;
  requests: readonly Metered[];
  /** of the tick behind that, when there was nothing new */
  idleRequests: number;
};

export type HistoryPlan = { conversations: number; page: number; limits: Limits; isShared: boolean };

/** What a request takes to the provider, of which several may be on their way. */
const latencyMs = 100;
/** A poll function's time, less what it keeps back to end itself. */
const runMs = 285_000;

/**
 * Polls an account by its ticks until its history is read, on a virtual clock: the real engine, session and connector
 * over a fake without sockets and a table in memory.
 */
export async function readHistory(connector: Connector, world: HistoryWorld, plan: HistoryPlan): Promise<HistoryRun> {
  const clock = eventClock(benchNow);
  const neighbour = openNeighbour(plan.isShared);
  const fake = world.fake({ ...plan, now: clock.now, faults: neighbour.faults });
  const { requests, provider } = neighbour.watch(fake, clock.now);
  const network = getGlobalDispatcher();
  setGlobalDispatcher(slowed(fakeNetwork({ [origin]: provider }), clock));
  const store = quickStore();
  const everyMs = durationMs(world.every);
  const tick = openTick(connector, world, plan.limits, store, clock);
  try {
    for (let tickAt = benchNow; !(await isRead(store)); ) {
      await tick();
      if (await isRead(store)) break;
      tickAt += Math.max(1, Math.ceil((clock.now() - tickAt) / everyMs)) * everyMs;
      await clock.sleepUntil(tickAt);
    }
    if (store.count() !== plan.conversations) throw new Error(`stored ${store.count()} of ${plan.conversations}`);
    const run = { elapsedMs: clock.now() - benchNow, requests: [...requests] };
    await clock.sleepUntil(clock.now() + everyMs);
    await tick();
    return { ...run, idleRequests: requests.length - run.requests.length };
  } finally {
    setGlobalDispatcher(network);
  }
}

const slowed = (network: Dispatcher, clock: EventClock): Dispatcher =>
  network.compose((dispatch) => (options, handler) => {
    void clock.sleep(latencyMs).then(() => dispatch(options, handler));
    return true;
  });

function openTick(
  connector: Connector,
  world: HistoryWorld,
  limits: Limits,
  store: Store,
  clock: EventClock,
): () => Promise<void> {
  const connection = connectionSchema.parse({
    id: 'bench',
    provider: connector.provider,
    baseUrl: world.baseUrl,
    tokenUrl: origin + world.tokenPath,
    credentials: { secret: 'bench' },
    every: world.every,
    backfill,
    media: false,
    rateLimit: limits,
  });
  const secrets = { read: async () => JSON.stringify(world.credentials) };
  const tokens = createTokenCache(clock);
  return async () => {
    const summaries = await pollConnection({
      connection,
      connector,
      openSession: () => openSession(connection, connector, { store, secrets, tokens, clock }),
      store,
      now: clock.now,
      deadline: clock.now() + runMs,
      slowPutMs: 5_000,
      requestCopies: async () => {},
    });
    for (const { stopped, error } of summaries) if (stopped === 'failed') throw error;
  };
}

/** Everything, and with every detail. */
async function isRead(store: Store): Promise<boolean> {
  const [state] = await listStreams(store);
  return state?.checkpoint?.backfill === null && state.checkpoint.unaskedSince === null;
}

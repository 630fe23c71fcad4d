import { firstCheckpoint, type WindowPlan, withLedger } from '#shared/domain/checkpoint.ts';
import type { Connection } from '#shared/domain/connections.ts';
import { durationMs } from '#shared/domain/duration.ts';
import { ConfigInvalid } from '#shared/domain/errors.ts';
import { expectationOf } from '#shared/domain/expectation.ts';
import { isDegraded } from '#shared/domain/stream-health.ts';
import type { IngestContext } from './context.ts';
import { noCounts } from './ingest-page.ts';
import type { LanedSession } from './lane-context.ts';
import { type Hold, holdStream } from './lease.ts';
import { listen } from './listen.ts';
import { openLanes, readInTurn, type Tally } from './read-lanes.ts';
import { howItEnded, isResting, type Stopped } from './run-end.ts';
import { timeLeft } from './time-left.ts';

export type { LanedSession, LaneName } from './lane-context.ts';

/**
 * `degraded`: whether the stream counts as degraded behind this run; `silent`: whether nothing comes though it should.
 */
export type RunSummary = Tally & { stopped: Stopped; degraded: boolean; silent: boolean; error: unknown };

export type Run = Pick<
  IngestContext,
  'connector' | 'stream' | 'store' | 'now' | 'slowPutMs' | 'requestCopies' | 'onRestless'
> & {
  connection: Connection;
  /** opens the way to the provider; its failure is the run's, and shows in the connection's health */
  openSession: () => Promise<LanedSession>;
  /** our clock at which the run must have ended by itself */
  deadline: number;
};

/** Runs that fail in a row before a record that the provider keeps failing is set aside. */
const patience = 3;

/** One run over one stream: live, then due, then backfill, until there is nothing left or the time or budget is spent. */
export async function pollStream(run: Run): Promise<RunSummary> {
  const { connection } = run;
  const summary: RunSummary = {
    stopped: 'done',
    counts: { ...noCounts },
    pages: 0,
    due: 0,
    overdue: 0,
    drift: new Set(),
    degraded: false,
    silent: false,
    verified: { hours: 0, gaps: 0, gapsLeft: 0, unreadable: 0 },
    error: null,
  };
  const name = { connection: connection.id, stream: run.stream.name, provider: run.connector.provider };
  const hold = await holdStream(run.store, name, run.now);
  if (!hold) return { ...summary, stopped: 'leaseHeld' };
  if (isResting(hold.state, run.now())) {
    await hold.release(null);
    return { ...summary, stopped: 'resting' };
  }
  let { silence } = hold.state;
  const error = await read(run, hold, summary)
    .then(async () => {
      const discovered = summary.counts.discovered > 0;
      // History that is still being read says nothing of what there should be.
      if (summary.stopped === 'done')
        silence = await listen(run.store, connection.id, silence, { discovered, now: run.now() });
    })
    .then(
      () => null,
      (thrown: unknown) => thrown,
    );
  const { stopped, end } = howItEnded(error, run.now(), hold.state.failures);
  const isNewlyTold = silence !== hold.state.silence && end !== null && 'lastSuccessAt' in end;
  const released = end === null || (await hold.release(isNewlyTold ? { ...end, silence } : end));
  return {
    ...summary,
    silent: typeof silence?.since === 'number',
    stopped: released ? (stopped ?? summary.stopped) : 'leaseLost',
    degraded: end !== null && 'lastError' in end && isDegraded({ ...end, degraded: hold.state.degraded }),
    error: stopped === 'failed' ? error : null,
  };
}

async function read(run: Run, hold: Hold, summary: RunSummary): Promise<void> {
  const { connection } = run;
  const session = await run.openSession();
  const context: IngestContext = {
    ...run,
    session,
    expectation: expectationOf(connection, run.connector.promised),
    keepLease: hold.keep,
    lastResort: hold.state.failures >= patience,
  };
  const plan = windowPlan(run);
  const first = hold.state.checkpoint ?? firstCheckpoint(run.now(), durationMs(connection.backfill), plan);
  const checkpoint = withLedger(first, run.now());
  // Where history begins must not depend on how often the first run is begun: raw answers are packed by their window.
  if (!hold.state.checkpoint) await hold.save(checkpoint);
  const lanes = openLanes({ context, session, plan, hold, time: timeLeft(run), tally: summary }, checkpoint);
  summary.stopped = await readInTurn(lanes, durationMs(connection.every), run.now);
}

/** How this stream's windows are cut. Throws ConfigInvalid where the lookback would make the watermark stand still. */
function windowPlan({ connection, stream }: Run): WindowPlan {
  const { maxWindowMs } = stream;
  const lookbackMs = connection.lookback === undefined ? stream.lookbackMs : durationMs(connection.lookback);
  if (lookbackMs >= maxWindowMs) {
    const days = maxWindowMs / 86_400_000;
    throw new ConfigInvalid([
      `connection ${connection.id}: lookback: expected less than the ${days} days of one window`,
    ]);
  }
  return { lookbackMs, maxWindowMs };
}

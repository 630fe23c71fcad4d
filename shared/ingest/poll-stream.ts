import { type Checkpoint, firstCheckpoint, type Lane, type WindowPlan } from '#shared/domain/checkpoint.ts';
import type { Connection } from '#shared/domain/connections.ts';
import { durationMs } from '#shared/domain/duration.ts';
import { ConfigInvalid } from '#shared/domain/errors.ts';
import { expectationOf } from '#shared/domain/expectation.ts';
import type { Session } from '#shared/providers/connector.ts';
import type { IngestContext } from './context.ts';
import type { PageCounts, PageResult } from './ingest-page.ts';
import { type Hold, holdStream } from './lease.ts';
import { type DueReached, readDue } from './read-due.ts';
import { readLane } from './read-lane.ts';
import { howItEnded, isResting, type Stopped } from './run-end.ts';
import { timeLeft } from './time-left.ts';

export type RunSummary = {
  stopped: Stopped;
  counts: PageCounts;
  pages: number;
  /** records that the due lane changed */
  due: number;
  /** artifacts that became overdue */
  overdue: number;
  /** field paths of what no schema of ours knows: the provider's API has grown */
  drift: Set<string>;
  error: unknown;
};

export type Run = Pick<IngestContext, 'connector' | 'stream' | 'store' | 'now' | 'slowPutMs' | 'requestCopies'> & {
  connection: Connection;
  /** opens the way to the provider; its failure is the run's, and shows in the connection's health */
  openSession: () => Promise<LanedSession>;
  /** our clock at which the run must have ended by itself */
  deadline: number;
};

/** A session that knows in whose share of the budget its requests fall: live before due before backfill. */
export type LanedSession = Session & { setLane: (lane: LaneName) => void };

export type LaneName = 'live' | 'due' | 'backfill';

/** Runs that fail in a row before a record that the provider keeps failing is set aside. */
const patience = 3;

/** The due lane is quiet for this long, or for half of the first offset where that is less. */
const dueEveryMs = 60_000;

/** One run over one stream: live, then due, then backfill, until there is nothing left or the time or budget is spent. */
export async function pollStream(run: Run): Promise<RunSummary> {
  const { connection } = run;
  const summary: RunSummary = {
    stopped: 'done',
    counts: { discovered: 0, updated: 0, unchanged: 0, quarantined: 0 },
    pages: 0,
    due: 0,
    overdue: 0,
    drift: new Set(),
    error: null,
  };
  const name = { connection: connection.id, stream: run.stream.name, provider: run.connector.provider };
  const hold = await holdStream(run.store, name, run.now);
  if (!hold) return { ...summary, stopped: 'leaseHeld' };
  if (isResting(hold.state, run.now())) {
    await hold.release(null);
    return { ...summary, stopped: 'resting' };
  }
  const error = await readLanes(run, hold, summary).then(
    () => null,
    (thrown: unknown) => thrown,
  );
  const { stopped, end } = howItEnded(error, run.now(), hold.state.failures);
  const released = end === null || (await hold.release(end));
  return {
    ...summary,
    stopped: released ? (stopped ?? summary.stopped) : 'leaseLost',
    error: stopped === 'failed' ? error : null,
  };
}

async function readLanes(run: Run, hold: Hold, summary: RunSummary): Promise<void> {
  const { connection } = run;
  const session = await run.openSession();
  const plan = windowPlan(run);
  const context: IngestContext = {
    ...run,
    session,
    expectation: expectationOf(connection, run.connector.promised),
    keepLease: hold.keep,
    lastResort: hold.state.failures >= patience,
  };
  let checkpoint = hold.state.checkpoint ?? firstCheckpoint(run.now(), durationMs(connection.backfill), plan);
  const save = async (next: Checkpoint): Promise<void> => {
    await hold.save(next);
    checkpoint = next;
  };
  const time = timeLeft(run);
  const report = (result: PageResult): void => addPage(summary, result);

  session.setLane('live');
  // Set before the records are stored that it stands for, and kept until the due lane has asked for them all.
  const withUnasked = (since: number | null): number | null => checkpoint.unaskedSince ?? since;
  const live = { plan, until: run.now(), followProvider: true, lane: () => checkpoint.live };
  const saveLive = (lane: Lane, _reached: number, unaskedSince: number | null): Promise<void> =>
    save({ ...checkpoint, live: lane, unaskedSince: withUnasked(unaskedSince) });
  summary.stopped = await readLane(context, time, { ...live, save: saveLive }, report);
  if (summary.stopped === 'timeUp') return;

  session.setLane('due');
  const [first = '0ms'] = connection.recheck;
  const isTime = run.now() - checkpoint.dueAt >= Math.min(dueEveryMs, durationMs(first) / 2);
  if (isTime || checkpoint.unaskedSince !== null) {
    const done = (reached: DueReached): Promise<void> => save({ ...checkpoint, ...reached });
    const { changed, overdue } = await readDue(context, time, checkpoint, done);
    summary.due += changed;
    summary.overdue += overdue;
  }

  const history = checkpoint.backfill;
  if (!history) return;
  session.setLane('backfill');
  const backfill = { plan, until: history.until, followProvider: false, lane: () => checkpoint.backfill };
  const saveBackfill = (lane: Lane, reached: number, unaskedSince: number | null): Promise<void> => {
    const next = reached >= history.until ? null : { ...lane, until: history.until };
    return save({ ...checkpoint, backfill: next, unaskedSince: withUnasked(unaskedSince) });
  };
  summary.stopped = await readLane(context, time, { ...backfill, save: saveBackfill }, report);
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

function addPage(summary: RunSummary, { counts, drift }: PageResult): void {
  summary.pages += 1;
  for (const path of drift) summary.drift.add(path);
  summary.counts.discovered += counts.discovered;
  summary.counts.updated += counts.updated;
  summary.counts.unchanged += counts.unchanged;
  summary.counts.quarantined += counts.quarantined;
}

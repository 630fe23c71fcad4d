import { type Checkpoint, firstCheckpoint, type Lane, nextWindow, type WindowPlan } from '#shared/domain/checkpoint.ts';
import type { Connection } from '#shared/domain/connections.ts';
import { durationMs } from '#shared/domain/duration.ts';
import { AppError, LeaseLost, RateLimited } from '#shared/domain/errors.ts';
import type { Session } from '#shared/providers/connector.ts';
import type { RunEnd } from '#shared/storage/streams.ts';
import type { IngestContext } from './context.ts';
import type { PageCounts } from './ingest-page.ts';
import { type Hold, holdStream } from './lease.ts';
import { readDue } from './read-due.ts';
import { isCursorFault, readPage } from './read-window.ts';

/** Why a run ended: nothing left to read, its time, the budget, another runner, or a fault. */
export type Stopped = 'done' | 'timeUp' | 'rateLimited' | 'leaseHeld' | 'leaseLost' | 'failed';

export type RunSummary = { stopped: Stopped; counts: PageCounts; pages: number; due: number; error: unknown };

export type Run = Pick<IngestContext, 'connector' | 'stream' | 'store' | 'now' | 'slowPutMs'> & {
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

/** Shortest time left in which another page is begun. */
const leastPageMs = 5_000;

/** The due lane is quiet for this long, or for half of the first offset where that is less. */
const dueEveryMs = 60_000;

/** A provider's clock ahead of ours by more than this is read up to: `Date` headers are whole seconds. */
const skewMs = 5_000;

/** One run over one stream: live, then due, then backfill, until there is nothing left or the time or budget is spent. */
export async function pollStream(run: Run): Promise<RunSummary> {
  const { connection } = run;
  const summary: RunSummary = {
    stopped: 'done',
    counts: { discovered: 0, updated: 0, unchanged: 0, quarantined: 0 },
    pages: 0,
    due: 0,
    error: null,
  };
  const name = { connection: connection.id, stream: run.stream.name, provider: run.connector.provider };
  const hold = await holdStream(run.store, name, run.now);
  if (!hold) return { ...summary, stopped: 'leaseHeld' };
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

/** What a run's end means for the stream's health; null where nothing may be written any more. */
function howItEnded(error: unknown, at: number, failures: number): { stopped: Stopped | null; end: RunEnd | null } {
  if (error === null) return { stopped: null, end: { lastSuccessAt: at } };
  if (error instanceof LeaseLost) return { stopped: 'leaseLost', end: null };
  // Being told to wait is no failure of the connection: what was read is safe, the rest comes after the reset.
  if (error instanceof RateLimited) return { stopped: 'rateLimited', end: { lastSuccessAt: at } };
  const code = error instanceof AppError ? error.code : 'Unexpected';
  return { stopped: 'failed', end: { lastError: { code, at }, failures: failures + 1 } };
}

async function readLanes(run: Run, hold: Hold, summary: RunSummary): Promise<void> {
  const { connection } = run;
  const session = await run.openSession();
  const plan: WindowPlan = {
    lookbackMs: connection.lookback === undefined ? run.stream.lookbackMs : durationMs(connection.lookback),
    maxWindowMs: run.stream.maxWindowMs,
  };
  const context: IngestContext = { ...run, session, keepLease: hold.keep, lastResort: hold.state.failures >= patience };
  let checkpoint = hold.state.checkpoint ?? firstCheckpoint(run.now(), durationMs(connection.backfill), plan);
  const save = async (next: Checkpoint): Promise<void> => {
    await hold.save(next);
    checkpoint = next;
  };
  const time = timeLeft(run);
  session.setLane('live');
  await readLane(context, time, summary, {
    plan,
    until: run.now(),
    followProvider: true,
    lane: () => checkpoint.live,
    save: (live) => save({ ...checkpoint, live }),
  });
  session.setLane('due');
  const [first = '0ms'] = connection.recheck;
  if (run.now() - checkpoint.dueAt >= Math.min(dueEveryMs, durationMs(first) / 2)) {
    summary.due += await readDue(context, checkpoint.dueAt, (dueAt) => save({ ...checkpoint, dueAt }));
  }
  const history = checkpoint.backfill;
  if (!history) return;
  session.setLane('backfill');
  await readLane(context, time, summary, {
    plan,
    until: history.until,
    followProvider: false,
    lane: () => checkpoint.backfill,
    save: (lane, reached) =>
      save({ ...checkpoint, backfill: reached >= history.until ? null : { ...lane, until: history.until } }),
  });
}

type LanePlan = {
  plan: WindowPlan;
  /** where this run's reading ends, by our clock */
  until: number;
  /** whether to read on to the provider's "now" where its clock is ahead of ours: its newest records lie there */
  followProvider: boolean;
  lane: () => Lane | null;
  /** keeps the lane; `reached` is the end of the last window that this run finished */
  save: (lane: Lane, reached: number) => Promise<void>;
};

/** Reads windows, oldest first, page by page, with a checkpoint behind each page. */
async function readLane(context: IngestContext, time: TimeLeft, summary: RunSummary, plan: LanePlan): Promise<void> {
  const seen = new Set<string>();
  let { until } = plan;
  let reached = Number.NEGATIVE_INFINITY;
  for (let lane = plan.lane(); lane; lane = plan.lane()) {
    const resume = lane.resume ?? (reached >= until ? null : nextWindow(lane, until, plan.plan));
    if (!resume) return;
    if (!time.enough()) {
      summary.stopped = 'timeUp';
      return;
    }
    const outcome = await time
      .measure(() => readPage(context, lane, resume, seen))
      .catch(async (error: unknown) => {
        if (isCursorFault(error, lane.resume)) await plan.save({ ...lane, resume: null }, reached);
        throw error;
      });
    if (!outcome.lane.resume) {
      reached = resume.to;
      if (plan.followProvider && outcome.servedAt > until + skewMs) until = outcome.servedAt;
    }
    await plan.save(outcome.lane, reached);
    addCounts(summary, outcome.counts);
  }
}

function addCounts(summary: RunSummary, counts: PageCounts): void {
  summary.pages += 1;
  summary.counts.discovered += counts.discovered;
  summary.counts.updated += counts.updated;
  summary.counts.unchanged += counts.unchanged;
  summary.counts.quarantined += counts.quarantined;
}

type TimeLeft = { enough: () => boolean; measure: <T>(page: () => Promise<T>) => Promise<T> };

/** Whether another page can be read before the deadline, by the slowest so far. */
function timeLeft({ now, deadline }: Pick<Run, 'now' | 'deadline'>): TimeLeft {
  let slowest = leastPageMs;
  return {
    enough: () => deadline - now() > slowest * 1.5,
    measure: async (page) => {
      const begun = now();
      const result = await page();
      slowest = Math.max(slowest, now() - begun);
      return result;
    },
  };
}

import type { Checkpoint } from '#shared/domain/checkpoint.ts';
import { RequestRejected } from '#shared/domain/errors.ts';
import { withOwed } from '#shared/domain/ledger.ts';
import { backfillPlan } from '#shared/domain/operation-backfill.ts';
import { type ClaimedBackfill, claimBackfill } from './claim-backfill.ts';
import type { IngestContext } from './context.ts';
import type { PageResult } from './ingest-page.ts';
import { type KeptBackfill, keepBackfill } from './keep-backfill.ts';
import { type LanedSession, orRateLimited, wholePages } from './lane-context.ts';
import { type LanePlan, readLane } from './read-lane.ts';
import type { TimeLeft } from './time-left.ts';

export type BackfillsRun = {
  context: IngestContext;
  session: LanedSession;
  time: TimeLeft;
  /** names this run, and no other */
  holder: string;
  /** changes what the stream's checkpoint says beside the lanes */
  note: (change: (known: Checkpoint) => Checkpoint) => Promise<void>;
  report: (result: PageResult) => void;
};

type Stopped = 'done' | 'timeUp' | 'yielded';
type Turn = Pick<LanePlan, 'yieldAt' | 'seen'>;

/** Runs in a row in which the provider refuses the same request before no other try would help. */
const mostRefusals = 3;

/** Runs in a row that may end in the middle of a page while they ask for what is open there. */
const mostAskings = 2;

/**
 * The spans that operators asked for, one after the other: a lane behind all others, which keeps its place in the
 * operation and moves no other lane's. Each call finds anew what is to be read, so that it hears of what was asked for
 * at its next turn, and of a cancellation at its next page. Gives way after `yieldAt`, by our clock.
 */
export function openBackfills(run: BackfillsRun): (yieldAt: number) => Promise<Stopped> {
  // Of each span the cursors that this run has seen.
  const seen = new Map<string, Set<string>>();
  return async (yieldAt) => {
    for (;;) {
      const claimed = await claimBackfill(run.context, run.holder);
      if (!claimed) return 'done';
      const cursors = seen.get(claimed.lease.id) ?? new Set<string>();
      seen.set(claimed.lease.id, cursors);
      const stopped = await readBackfill(run, claimed, { yieldAt, seen: cursors });
      if (stopped !== 'done') return stopped;
    }
  };
}

/**
 * By the stamp that never moves, and with what is open of known records asked for again: nobody else asks for what is
 * overdue for long. But a page that keeps ending before its end is left with what is stored of it.
 */
function asBackfill(context: IngestContext, { tries }: Pick<KeptBackfill, 'tries'>): IngestContext {
  const { stream } = context;
  const fetchPage = stream.fetchSpan ?? stream.fetchPage;
  return { ...context, cause: 'backfill', stream: { ...stream, fetchPage }, asksAgain: () => tries() < mostAskings };
}

/** Reads on in one of them; `done` also where it is not this run's any more. */
async function readBackfill(run: BackfillsRun, claimed: ClaimedBackfill, turn: Turn): Promise<Stopped> {
  const { context, session, time, note } = run;
  const { span } = claimed;
  const kept = keepBackfill(context, session, claimed);
  const save: LanePlan['save'] = async (lane, reached, unaskedSince) => {
    // A page without anything new has not prolonged it.
    await context.keepLease();
    if (unaskedSince !== null) await note((known) => ({ ...known, unaskedSince: known.unaskedSince ?? unaskedSince }));
    if (reached >= span.to) await note((known) => withOwed(known, { ...span, at: context.now() }));
    await kept.save(lane, reached);
  };
  const plan = { plan: backfillPlan(span, context.stream), until: span.to, followProvider: false };
  const report = (page: PageResult): void => {
    kept.count(page);
    run.report(page);
  };
  try {
    const reading = wholePages(asBackfill(context, kept));
    const lane = { ...plan, ...turn, lane: kept.lane, save };
    const stopped = await readLane(reading, time, lane, report).catch(orRateLimited);
    await kept.leave('later');
    return stopped;
  } catch (error) {
    if (error instanceof RequestRejected && kept.tries() + 1 >= mostRefusals) {
      await kept.fail(error);
      return 'done';
    }
    // Where even this fails, the lease ends by itself before the next run.
    await kept.leave('failed').catch(() => undefined);
    throw error;
  }
}

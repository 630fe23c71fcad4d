import type { Checkpoint, Lane, WindowPlan } from '#shared/domain/checkpoint.ts';
import { durationMs } from '#shared/domain/duration.ts';
import { RateLimited } from '#shared/domain/errors.ts';
import { withOwed } from '#shared/domain/ledger.ts';
import { askHeld } from './ask-held.ts';
import type { IngestContext } from './context.ts';
import type { PageCounts, PageResult } from './ingest-page.ts';
import { type LanedSession, listingPatiently, orRateLimited, wholePages } from './lane-context.ts';
import type { Hold } from './lease.ts';
import type { Patience } from './patience.ts';
import { openBackfills } from './read-backfills.ts';
import { type DueReached, readDue } from './read-due.ts';
import { readLane } from './read-lane.ts';
import type { TimeLeft } from './time-left.ts';
import type { Turn, Verified } from './verify-due.ts';
import { type LedgerLanes, ledgerLanes } from './verify-lanes.ts';

/** What a run has read so far. */
export type Tally = {
  counts: PageCounts;
  pages: number;
  /** records that the due lane changed */
  due: number;
  /** artifacts that became overdue */
  overdue: number;
  /** field paths of what no schema of ours knows: the provider's API has grown */
  drift: Set<string>;
  /** what the ledger found */
  verified: Verified;
};

export type LanesRun = {
  context: IngestContext;
  session: LanedSession;
  plan: WindowPlan;
  hold: Pick<Hold, 'keep' | 'save' | 'state'>;
  time: TimeLeft;
  /** counted up */
  tally: Tally;
};

/**
 * The lanes over one checkpoint, and the ledger's readings: those that are due behind the due lane, those of history
 * behind the backfill. Each call reads as far as it comes and keeps its place; the later ones give way after `yieldAt`, by
 * our clock.
 */
export type Lanes = {
  live: () => Promise<Turn>;
  due: () => Promise<void>;
  /** first the history that a connection begins with, then what was asked for */
  backfill: (yieldAt: number) => Promise<Turn>;
} & Pick<LedgerLanes, 'verify' | 'verifyOwed' | 'end'>;

/**
 * Live, then due, then backfill, until there is nothing left or the time is up. History takes many runs, today's calls
 * must not wait for it: whenever `everyMs` has passed, the turn begins again.
 */
export async function readInTurn(lanes: Lanes, everyMs: number, now: () => number): Promise<'done' | 'timeUp'> {
  for (;;) {
    const begun = now();
    let stopped: Turn = await lanes.live();
    if (stopped !== 'timeUp') {
      await lanes.due();
      stopped = await inOrder([lanes.verify, lanes.backfill, lanes.verifyOwed], begun + everyMs);
    }
    if (stopped === 'yielded') continue;
    lanes.end();
    return stopped;
  }
}

/** One after the other, as far as each is done. */
async function inOrder(lanes: readonly ((yieldAt: number) => Promise<Turn>)[], yieldAt: number): Promise<Turn> {
  for (const lane of lanes) {
    const stopped = await lane(yieldAt);
    if (stopped !== 'done') return stopped;
  }
  return 'done';
}

/** The due lane is quiet for this long, or for half of the first offset where that is less. */
const dueEveryMs = 60_000;

export function openLanes(run: LanesRun, first: Checkpoint): Lanes {
  const { context, session, plan, hold, time, tally } = run;
  const { now } = context;
  const seen = { live: new Set<string>(), backfill: new Set<string>() };
  let checkpoint = first;
  const keep = (next: Checkpoint): void => {
    checkpoint = next;
  };
  const save = async (next: Checkpoint): Promise<void> => keep(await hold.save(next).then(() => next));
  // Set before the records are stored that it stands for, and kept until the due lane has asked for them all.
  const withUnasked = (since: number | null): number | null => checkpoint.unaskedSince ?? since;
  const patience = patienceOf(run);
  const report = (result: PageResult): void => addPage(tally, result);
  const holder = `${context.stream.name}#${hold.state.fence}`;
  const note = (change: (known: Checkpoint) => Checkpoint): Promise<void> => save(change(checkpoint));
  const backfills = openBackfills({ context, session, time, holder, note, report });
  const ledger = ledgerLanes(
    { context: { ...context, cause: 'recheck' }, session, time, tally, patience },
    { now: () => checkpoint, keep, save },
  );

  return {
    live: () => {
      session.setLane('live');
      const saveLive = (lane: Lane, _reached: number, unaskedSince: number | null): Promise<void> =>
        save({ ...checkpoint, live: lane, unaskedSince: withUnasked(unaskedSince) });
      const ends = { until: now(), followProvider: true, yieldAt: Number.POSITIVE_INFINITY };
      const live = { plan, ...ends, seen: seen.live, lane: () => checkpoint.live, save: saveLive };
      return readLane(listingPatiently({ ...context, cause: 'poll' }, session, patience), time, live, report);
    },
    due: async () => {
      session.setLane('due', patience);
      const [offset = '0ms'] = session.connection.recheck;
      const isTime = now() - checkpoint.dueAt >= Math.min(dueEveryMs, durationMs(offset) / 2);
      if (!isTime && checkpoint.unaskedSince === null) return;
      await ledger.noteSettled();
      const done = (reached: DueReached): Promise<void> => save({ ...checkpoint, ...reached });
      const asking: IngestContext = { ...context, cause: 'recheck' };
      tally.due += await askHeld(asking, checkpoint.dueAt);
      const { changed, overdue } = await readDue(asking, time, checkpoint, done);
      tally.due += changed;
      tally.overdue += overdue;
    },
    backfill: orNextTurn(run, async (yieldAt) => {
      session.setLane('backfill', { ...patience, until: Math.min(patience.until, yieldAt) });
      const history = checkpoint.backfill;
      if (!history) return backfills(yieldAt);
      const saveBackfill = (lane: Lane, reached: number, unaskedSince: number | null): Promise<void> => {
        const unasked = { ...checkpoint, unaskedSince: withUnasked(unaskedSince) };
        return save(withHistory(unasked, { ...lane, until: history.until }, reached, now()));
      };
      const ends = { until: history.until, followProvider: false, yieldAt };
      const backfill = { plan, ...ends, seen: seen.backfill, lane: () => checkpoint.backfill, save: saveBackfill };
      const reading = wholePages({ ...context, cause: 'backfill' });
      const stopped = await readLane(reading, time, backfill, report).catch(orRateLimited);
      return stopped === 'done' ? backfills(yieldAt) : stopped;
    }),
    ...ledger,
  };
}

/**
 * Where a lane that has read something would wait for the budget beyond its turn, the turn is over: today's calls are
 * read, and what is left of the wait falls into the next turn. Else a minute's wait would be theirs too.
 */
const orNextTurn =
  ({ context, time, tally }: LanesRun, read: Lanes['backfill']): Lanes['backfill'] =>
  (yieldAt) => {
    const { pages } = tally;
    return read(yieldAt).catch((error: unknown) => {
      const isForNextTurn = error instanceof RateLimited && context.now() + error.retryAfterMs <= time.deadline;
      if (isForNextTurn && tally.pages > pages) return 'yielded';
      throw error;
    });
  };

/** Behind its end the history is read, and owed to the ledger from its beginning on. */
function withHistory(
  checkpoint: Checkpoint,
  history: NonNullable<Checkpoint['backfill']>,
  reached: number,
  now: number,
): Checkpoint {
  if (reached < history.until) return { ...checkpoint, backfill: history };
  const from = checkpoint.watchedFrom ?? history.watermark;
  return withOwed({ ...checkpoint, backfill: null }, { from, to: history.until, at: now });
}

/** The lease is kept while a lane waits. */
const patienceOf = ({ hold, time }: LanesRun): Patience => ({
  until: time.deadline,
  keep: async (waitedMs) => {
    time.waited(waitedMs);
    await hold.keep();
  },
});

function addPage(tally: Tally, { counts, drift }: PageResult): void {
  tally.pages += 1;
  for (const path of drift) tally.drift.add(path);
  tally.counts.discovered += counts.discovered;
  tally.counts.updated += counts.updated;
  tally.counts.unchanged += counts.unchanged;
  tally.counts.erased += counts.erased;
  tally.counts.quarantined += counts.quarantined;
}

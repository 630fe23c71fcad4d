import type { Lane } from '#shared/domain/checkpoint.ts';
import { LeaseLost, type RequestRejected } from '#shared/domain/errors.ts';
import {
  type BackfillPlace,
  backfillEstimate,
  backfillProgress,
  firstPlace,
} from '#shared/domain/operation-backfill.ts';
import { budgetLimits } from '#shared/storage/budget.ts';
import { refillPerSecond } from '#shared/storage/budget-window.ts';
import { endOperation, saveOperation } from '#shared/storage/operation-lease.ts';
import type { ClaimedBackfill } from './claim-backfill.ts';
import type { IngestContext } from './context.ts';
import type { PageResult } from './ingest-page.ts';
import type { LanedSession } from './lane-context.ts';
import { leaseMs } from './lease.ts';

export type KeptBackfill = {
  /** null once there is nothing more to be read by this run: the span is at its end, or was cancelled */
  lane: () => Lane | null;
  /** keeps the lane behind a page; `reached` is the end of the last window that was finished */
  save: (lane: Lane, reached: number) => Promise<void>;
  /** counts a page that is about to be saved */
  count: (page: Pick<PageResult, 'counts'>) => void;
  /** how often in a row its next page has failed */
  tries: () => number;
  /** gives it back, to be gone on with by the next run */
  leave: (why: 'later' | 'failed') => Promise<void>;
  fail: (error: RequestRejected) => Promise<void>;
};

/** Keeps a backfill's place, progress and estimate in its operation. */
export function keepBackfill(
  { store, session, now, stream, connector }: IngestContext,
  { usage }: Pick<LanedSession, 'usage'>,
  { lease, span, place: first, streams }: ClaimedBackfill,
): KeptBackfill {
  const perSecond = refillPerSecond(budgetLimits(session.connection, connector.rateLimit));
  const begun = { at: now(), cost: usage().cost };
  let place = first;
  let lane: Lane | null = first.lane;

  const write = async (next: BackfillPlace, leaseUntil: number): Promise<void> => {
    const spent = { cost: first.cost + usage().cost - begun.cost, activeMs: first.activeMs + now() - begun.at };
    place = { ...next, ...spent };
    const progress = backfillProgress(span, place, streams);
    await saveOperation(
      store,
      lease,
      { progress, estimateSeconds: backfillEstimate(progress, place, perSecond), place },
      leaseUntil,
    );
  };
  const finish = async (): Promise<void> => {
    const next = streams[streams.indexOf(stream.name) + 1];
    if (next !== undefined) return write({ ...place, stream: next, lane: firstPlace(next, span).lane, tries: 0 }, 0);
    const { total } = backfillProgress(span, place, streams);
    await endOperation(store, lease, { state: 'done', progress: { done: total, total }, result: place.read });
  };
  /** It was cancelled meanwhile, or another run goes on with it: what is stored stays, and the rest is not ours. */
  const unlessGone = (write: Promise<void>): Promise<void> =>
    write.catch((error: unknown) => {
      if (!(error instanceof LeaseLost)) throw error;
      lane = null;
    });

  return {
    lane: () => lane,
    count: ({ counts }) => {
      const { read } = place;
      place = {
        ...place,
        read: {
          discovered: read.discovered + counts.discovered,
          updated: read.updated + counts.updated,
          unchanged: read.unchanged + counts.unchanged,
          quarantined: read.quarantined + counts.quarantined,
        },
      };
    },
    save: async (next, reached) => {
      lane = reached >= span.to ? null : next;
      await unlessGone(lane ? write({ ...place, lane, tries: 0 }, now() + leaseMs) : finish());
    },
    tries: () => place.tries,
    leave: async (why) => {
      if (lane) await unlessGone(write({ ...place, tries: place.tries + (why === 'failed' ? 1 : 0) }, 0));
    },
    fail: ({ code, message }) => unlessGone(endOperation(store, lease, { state: 'failed', error: { code, message } })),
  };
}

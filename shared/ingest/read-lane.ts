import { type Lane, nextWindow, type WindowPlan } from '#shared/domain/checkpoint.ts';
import type { IngestContext } from './context.ts';
import type { PageResult } from './ingest-page.ts';
import { isCursorFault, readPage } from './read-window.ts';
import type { TimeLeft } from './time-left.ts';

/** A provider's clock ahead of ours by more than this is read up to: `Date` headers are whole seconds. */
const skewMs = 5_000;

export type LanePlan = {
  plan: WindowPlan;
  /** where this run's reading ends, by our clock */
  until: number;
  /** whether to read on to the provider's "now" where its clock is ahead of ours: its newest records lie there */
  followProvider: boolean;
  /** our clock from which on the lane, after a page at least, gives way to those above it */
  yieldAt: number;
  /** the cursors of the window that is being read: one that comes again is a loop */
  seen: Set<string>;
  lane: () => Lane | null;
  /**
   * keeps the lane; `reached` is the end of the last window that this run finished, `unaskedSince` when the page was
   * begun of which details could not be asked for
   */
  save: (lane: Lane, reached: number, unaskedSince: number | null) => Promise<void>;
};

/** Reads windows, oldest first, page by page, each of which is reported and then passed by the checkpoint. */
export async function readLane(
  context: IngestContext,
  time: TimeLeft,
  plan: LanePlan,
  report: (result: PageResult) => void,
): Promise<'done' | 'timeUp' | 'yielded'> {
  let { until } = plan;
  let reached = Number.NEGATIVE_INFINITY;
  for (let lane = plan.lane(), pages = 0; lane; lane = plan.lane(), pages++) {
    const resume = lane.resume ?? (reached >= until ? null : nextWindow(lane, until, plan.plan));
    if (!resume) return 'done';
    if (!time.enough()) return 'timeUp';
    if (pages > 0 && context.now() >= plan.yieldAt) return 'yielded';
    if (!lane.resume) plan.seen.clear();
    const begun = context.now();
    const outcome = await time
      .measure(() => readPage(context, lane, resume, plan.seen))
      .catch(async (error: unknown) => {
        if (isCursorFault(error, lane.resume)) await plan.save({ ...lane, resume: null }, reached, null);
        throw error;
      });
    if (!outcome.lane.resume) {
      reached = resume.to;
      // Against our clock behind the page, not before it: a slow page would look like a provider ahead of us, again and again.
      if (plan.followProvider && outcome.servedAt > context.now() + skewMs) until = outcome.servedAt;
    }
    report(outcome);
    await plan.save(outcome.lane, reached, outcome.unasked ? begun : null);
  }
  return 'done';
}

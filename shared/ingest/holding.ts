import { RateLimited } from '#shared/domain/errors.ts';
import { type BudgetLane, ceilingOf } from '#shared/storage/budget-share.ts';
import {
  type BudgetState,
  indexOf,
  isBlocked,
  type LeastUsed,
  limitIn,
  limitOf,
  type RateLimits,
  spanMs,
  spanNames,
} from '#shared/storage/budget-window.ts';
import { openToldBudget, type ToldBudget } from './told-budget.ts';

/** What one run knows of its group's budget, and the rules by which it spends of it (purse.ts). */
export type Holding = {
  readonly limits: RateLimits;
  /** what the budget said when we last took from it, raised by what headers told since; null before the first taking */
  known: BudgetState | null;
  /** tokens taken and not spent; negative where requests cost more than was thought */
  inHand: number;
  /** cost of the requests that were paid for and are not over */
  inFlight: number;
  /** settled when the next of them is over */
  landing: PromiseWithResolvers<void>;
  least: LeastUsed;
  readonly told: ToldBudget;
};

export const openHolding = (limits: RateLimits): Holding => ({
  limits,
  known: null,
  inHand: 0,
  inFlight: 0,
  landing: Promise.withResolvers(),
  least: {},
  told: openToldBudget(limits),
});

/** A token is good in the window it was granted in. */
export function dropOldTokens(holding: Holding, now: number): void {
  const passed = spanNames.some((span) => {
    const index = holding.known?.[span]?.index;
    return limitOf(holding.limits, span) !== undefined && index !== undefined && index < indexOf(span, now);
  });
  if (passed) Object.assign(holding, { inHand: 0, least: {} });
}

/** Tokens that the live lane took are no way round the share that backfill must leave: those in hand count as used. */
export function mayLaneSpend({ known, limits }: Holding, lane: BudgetLane, need: number, now: number): boolean {
  return spanNames.every((span) => {
    const { index, used } = known?.[span] ?? { index: indexOf(span, now), used: 0 };
    const limit = limitIn(limits, known?.refused ?? null, span, index);
    if (limit === undefined) return true;
    return used <= ceilingOf({ limit, spanMs: spanMs[span], lane, need }, (index + 1) * spanMs[span] - now);
  });
}

/**
 * Waits for the answers to what is on its way where they decide whether a request of this cost may follow. Throws
 * RateLimited where the provider said that there is no room for it.
 */
export async function awaitRoom(holding: Holding, cost: number, now: () => number): Promise<void> {
  for (;;) {
    const { told, inFlight } = holding;
    const fullUntil = told.fullUntil(cost, inFlight, now());
    const goesAlone = told.isAwaited(now()) || isNearRefusal(holding, now());
    if (fullUntil === null && (inFlight === 0 || !goesAlone)) return;
    if (fullUntil !== null && inFlight === 0) {
      throw new RateLimited('the provider says that the budget is spent', fullUntil - now());
    }
    await holding.landing.promise;
  }
}

/** Of the last fifth before a limit that a refusal taught, one is asked for at a time: each may be refused again. */
function isNearRefusal({ known, limits, inHand }: Holding, now: number): boolean {
  const index = indexOf('minute', now);
  if (known?.minute?.index !== index) return false;
  const limit = limitIn(limits, known.refused, 'minute', index);
  return limit !== undefined && limit !== limits.perMinute && known.minute.used - inHand >= limit * 0.8;
}

/** Throws RateLimited after a 429 that came while something else was waited for. */
export function stopWhereBlocked({ known }: Holding, now: number): void {
  if (known && isBlocked(known, now)) throw new RateLimited('the budget is blocked', known.blockedUntil - now);
}

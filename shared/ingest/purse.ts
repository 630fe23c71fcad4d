import { RateLimited } from '#shared/domain/errors.ts';
import type { BudgetReport } from '#shared/providers/connector.ts';
import { blockBudget, raiseUsed, readBudget, reserve } from '#shared/storage/budget.ts';
import {
  type BudgetLane,
  type BudgetState,
  ceilingOf,
  type LeastUsed,
  largestNeed,
  limitOf,
  planClaim,
  type RateLimits,
  type SpanName,
  spanMs,
  spanNames,
} from '#shared/storage/budget-window.ts';
import type { Store } from '#shared/storage/document-client.ts';

/**
 * The tokens that one run holds. It takes them from the group's budget in chunks that double, so that an idle run costs
 * one write and a busy one few; what is left over ends with its window. Instants are the provider's clock.
 */
export type Purse = {
  /** Pays for a request before it is sent. Throws RateLimited. */
  take: (cost: number, lane: BudgetLane, now: number) => Promise<void>;
  /** Learns from an answer's headers what the request really cost and what others spent. `paid` is what was taken. */
  observe: (report: BudgetReport, paid: number, now: number) => Promise<void>;
  /** After a 429: nobody of the group asks before `until`. */
  block: (until: number, now: number) => Promise<void>;
};

/** The largest chunk, and the smallest news of others' spending worth a write of its own: a twentieth of the limit. */
const chunkShare = 20;

type Holding = {
  /** what the budget said when we last took from it, raised by what headers told since; null before the first taking */
  known: BudgetState | null;
  /** tokens taken and not spent; negative where requests cost more than was thought */
  inHand: number;
  chunk: number;
  least: LeastUsed;
};

export function openPurse(store: Pick<Store, 'documents' | 'table'>, group: string, limits: RateLimits): Purse {
  const holding: Holding = { known: null, inHand: 0, chunk: 1, least: {} };
  const largestChunk = Math.max(1, Math.floor(largestNeed(limits) / chunkShare));
  const unlimited = largestNeed(limits) === Number.POSITIVE_INFINITY;

  const takeOne = async (asked: number, lane: BudgetLane, now: number): Promise<void> => {
    if (unlimited) {
      holding.known ??= await readBudget(store, group);
      const plan = planClaim(holding.known, { limits, lane, need: 0, want: 0, least: {} }, now);
      if ('waitMs' in plan) throw new RateLimited(`budget of ${group} is blocked`, plan.waitMs);
      return;
    }
    const cost = Math.min(asked, largestNeed(limits));
    dropOldTokens(holding, limits, now);
    if (holding.inHand >= cost && mayLaneSpend(holding, limits, lane, cost)) {
      holding.inHand -= cost;
      return;
    }
    const before = holding.known;
    const need = Math.max(cost - holding.inHand, 1);
    const claim = { limits, lane, need, want: Math.max(need, holding.chunk), least: holding.least };
    const { granted, state } = await reserve(store, group, claim, before, now);
    const sameWindows = spanNames.every((span) => before?.[span]?.index === state[span]?.index);
    holding.known = state;
    holding.inHand = (sameWindows ? holding.inHand : 0) + granted - cost;
    holding.chunk = Math.min(holding.chunk * 2, largestChunk);
  };

  // Requests in flight together pay one after the other, else each would fetch a chunk of its own.
  let last: Promise<void> = Promise.resolve();
  return {
    take: (cost, lane, now) => {
      const taking = last.then(() => takeOne(cost, lane, now));
      last = taking.catch(() => undefined);
      return taking;
    },
    observe: async (report, paid, now) => {
      for (const [span, used] of learn(holding, limits, report, paid, now)) {
        await raiseUsed(store, group, span, Math.floor(now / spanMs[span]), used);
      }
    },
    block: async (until, now) => {
      holding.inHand = Math.min(0, holding.inHand);
      await blockBudget(store, group, until, now);
      if (holding.known) holding.known = { ...holding.known, blockedUntil: until };
    },
  };
}

/** A token is good in the window it was granted in. */
function dropOldTokens(holding: Holding, limits: RateLimits, now: number): void {
  const passed = spanNames.some((span) => {
    const index = holding.known?.[span]?.index;
    return limitOf(limits, span) !== undefined && index !== undefined && index < Math.floor(now / spanMs[span]);
  });
  if (passed) Object.assign(holding, { inHand: 0, least: {} });
}

/** Tokens that the live lane took are no way round the share that backfill must leave: those in hand count as used. */
const mayLaneSpend = ({ known }: Holding, limits: RateLimits, lane: BudgetLane, cost: number): boolean =>
  spanNames.every((span) => {
    const limit = limitOf(limits, span);
    return limit === undefined || (known?.[span]?.used ?? 0) <= ceilingOf(limit, lane, cost);
  });

/** Takes in an answer's report; gives the counts that are far enough above the table's to be written at once. */
function learn(
  holding: Holding,
  limits: RateLimits,
  report: BudgetReport,
  paid: number,
  now: number,
): [SpanName, number][] {
  const news: [SpanName, number][] = [];
  if (isCount(report.cost)) holding.inHand -= report.cost - paid;
  for (const span of spanNames) {
    const remaining = span === 'minute' ? report.remainingMinute : report.remainingHour;
    const limit = limitOf(limits, span);
    const known = holding.known?.[span];
    // An answer of a window that has passed says nothing of this one.
    if (!isCount(remaining) || limit === undefined || !known || known.index !== Math.floor(now / spanMs[span]))
      continue;
    holding.inHand = Math.max(0, Math.min(holding.inHand, remaining));
    const used = Math.min(limit, limit - remaining + holding.inHand);
    const before = Math.max(known.used, holding.least[span]?.used ?? 0);
    if (used <= before) continue;
    holding.least = { ...holding.least, [span]: { index: known.index, used } };
    if (used - known.used < limit / chunkShare) continue;
    holding.known = holding.known && { ...holding.known, [span]: { index: known.index, used } };
    news.push([span, used]);
  }
  return news;
}

const isCount = (value: number | undefined): value is number =>
  value !== undefined && Number.isFinite(value) && value >= 0;

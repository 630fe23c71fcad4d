import type { BudgetReport } from '#shared/providers/connector.ts';
import { blockBudget, raiseUsed, readBudget, reserve } from '#shared/storage/budget.ts';
import { type BudgetLane, limitSteps } from '#shared/storage/budget-share.ts';
import { indexOf, largestNeed, type RateLimits } from '#shared/storage/budget-window.ts';
import type { Store } from '#shared/storage/document-client.ts';
import { awaitRoom, dropOldTokens, mayLaneSpend, openHolding, stopWhereBlocked } from './holding.ts';
import { learnRefusal, learnReport } from './learn-budget.ts';

/**
 * The tokens that one run holds. It takes them from the group's budget in chunks that grow, so that an idle run costs one
 * write, one in which hours of the ledger are due two, and a busy one few; what is left over ends with its window.
 * Instants are the provider's clock.
 */
export type Purse = {
  /**
   * Pays for a request before it is sent. Where a limit is near, it first waits for the answers to what is on its way,
   * which tell whether there is room for more. Throws RateLimited.
   */
  take: (cost: number, lane: BudgetLane) => Promise<void>;
  /**
   * Learns from an answer's headers what the request really cost and what others spent. `paid` is what was taken for it,
   * `sentAt` when it was sent.
   */
  observe: (report: BudgetReport, paid: number, sentAt: number) => Promise<void>;
  /** After a 429: nobody of the group asks before `until`. */
  block: (until: number) => Promise<void>;
  /** A request that was paid for is over, answered or not: to be told of each once. */
  land: (paid: number) => void;
};

/** The second chunk is for the first pages of the three readings that an hour's end makes due, and one more. */
const growth = 4;

export function openPurse(
  store: Pick<Store, 'documents' | 'table'>,
  group: string,
  limits: RateLimits,
  now: () => number,
): Purse {
  const holding = openHolding(limits);
  const largest = largestNeed(limits);
  const largestChunk = Math.max(1, Math.floor(largest / limitSteps));
  let chunk = 1;

  const fetchChunk = async (cost: number, lane: BudgetLane): Promise<void> => {
    const before = holding.known;
    const need = Math.max(cost - holding.inHand, 1);
    const claim = { limits, lane, need, want: Math.max(need, chunk), least: holding.least };
    const { granted, state } = await reserve(store, group, claim, before, now());
    const sameWindows = before?.minute?.index === state.minute?.index && before?.hour?.index === state.hour?.index;
    // A block may have come meanwhile.
    const blockedUntil = Math.max(state.blockedUntil, holding.known?.blockedUntil ?? 0);
    holding.known = { ...state, blockedUntil };
    holding.inHand = (sameWindows ? holding.inHand : 0) + granted;
    chunk = Math.min(chunk * growth, largestChunk);
  };

  const takeOne = async (asked: number, lane: BudgetLane): Promise<void> => {
    const cost = Math.min(asked, largest);
    if (largest === Number.POSITIVE_INFINITY) holding.known ??= await readBudget(store, group);
    else {
      await awaitRoom(holding, cost, now);
      dropOldTokens(holding, now());
      if (holding.inHand < cost || !mayLaneSpend(holding, lane, cost, now())) await fetchChunk(cost, lane);
    }
    stopWhereBlocked(holding, now());
    holding.inHand -= cost;
    holding.inFlight += cost;
    holding.told.sent(cost);
  };

  // Requests in flight together pay one after the other, else each would fetch a chunk of its own.
  let last: Promise<void> = Promise.resolve();
  return {
    take: (cost, lane) => {
      const taking = last.then(() => takeOne(cost, lane));
      last = taking.catch(() => undefined);
      return taking;
    },
    observe: async (report, paid, sentAt) => {
      for (const [span, used] of learnReport(holding, { report, paid, sentAt, now: now() })) {
        await raiseUsed(store, group, span, indexOf(span, now()), used);
      }
    },
    block: async (until) => {
      const { known } = holding;
      const taught = learnRefusal(holding, until, now());
      holding.inHand = Math.min(0, holding.inHand);
      // Here before it is in the table: what is about to be paid for must not go on meanwhile.
      if (known) holding.known = { ...known, blockedUntil: until, refused: taught ?? known.refused };
      await blockBudget(store, group, until, now(), taught);
    },
    land: (paid) => {
      holding.inFlight -= Math.min(paid, largest);
      holding.landing.resolve();
      holding.landing = Promise.withResolvers();
    },
  };
}

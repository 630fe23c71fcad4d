import type { Connection } from '#shared/domain/connections.ts';
import { RateLimited } from '#shared/domain/errors.ts';
import type { Clock } from '#shared/http/clock.ts';
import type { HttpAnswer, HttpRequest } from '#shared/http/request.ts';
import { rateLimitPauseMs } from '#shared/http/retry-after.ts';
import type { Connector } from '#shared/providers/connector.ts';
import { budgetGroup, budgetLimits } from '#shared/storage/budget.ts';
import type { BudgetLane } from '#shared/storage/budget-share.ts';
import { spanMs } from '#shared/storage/budget-window.ts';
import type { Store } from '#shared/storage/document-client.ts';
import { openWaiting, type Patience } from './patience.ts';
import { openProviderClock } from './provider-clock.ts';
import { openPurse } from './purse.ts';

/** What a run asked of the provider: requests sent, repeats included, and what they cost of its budget. */
export type Usage = { requests: number; cost: number };

/** To be handed to whatever sends the request. */
export type PayingHooks = Required<Pick<HttpRequest, 'beforeSend' | 'onAnswer'>>;

/** Pays for the requests to one account, out of the budget of its group. */
export type Paying = {
  /**
   * Runs one request of this cost. Where the budget is spent or the provider refuses (429), it is run again after a wait,
   * if the lane has the patience. Throws RateLimited.
   */
  run: <T>(cost: number, send: (hooks: PayingHooks) => Promise<T>) => Promise<T>;
  /** in whose share further requests fall, and how they wait; null: they do not */
  setLane: (lane: BudgetLane, patience: Patience | null) => void;
  usage: () => Usage;
};

type OneRequest = PayingHooks & {
  /** it is over, answered or not */
  land: () => void;
  wasRefused: () => boolean;
};

export function openPaying(
  store: Pick<Store, 'documents' | 'table'>,
  connection: Connection,
  connector: Pick<Connector, 'rateLimit' | 'readBudget'>,
  clock: Clock,
): Paying {
  const providerClock = openProviderClock(clock.now);
  const limits = budgetLimits(connection, connector.rateLimit);
  const purse = openPurse(store, budgetGroup(connection), limits, providerClock.now);
  const waitFor = openWaiting(clock);
  const usage: Usage = { requests: 0, cost: 0 };
  let lane: BudgetLane = 'live';
  let patience: Patience | null = null;
  let refused = { times: 0, until: 0 };

  /** Of those in flight together the first tells. Where waiting did not help, the next pause is twice as long. */
  const afterRefusal = async (pauseMs: number, sentAt: number, now: number): Promise<void> => {
    if (sentAt < refused.until) return;
    refused = { times: refused.times + 1, until: now + Math.min(spanMs.hour, pauseMs * 2 ** refused.times) };
    await purse.block(refused.until);
  };

  const onAnswer = async ({ status, headers, sentAt, servedAt }: HttpAnswer, paid: number): Promise<void> => {
    const report = connector.readBudget(headers);
    usage.cost += (report.cost ?? paid) - paid;
    providerClock.observe(headers['date'], sentAt);
    const now = providerClock.now();
    const sent = now - (clock.now() - sentAt);
    await purse.observe(report, paid, sent);
    if (status === 429) await afterRefusal(rateLimitPauseMs(headers['retry-after'], servedAt), sent, now);
    else refused.times = 0;
  };

  const hooksOf = (cost: number): OneRequest => {
    const request = { status: 0, inFlight: false };
    const land = (): void => {
      if (request.inFlight) purse.land(cost);
      request.inFlight = false;
    };
    const beforeSend = async (): Promise<void> => {
      land();
      await purse.take(cost, lane);
      Object.assign(request, { status: 0, inFlight: true });
      usage.requests += 1;
      usage.cost += cost;
    };
    const hear = async (answer: HttpAnswer): Promise<void> => {
      request.status = answer.status;
      await onAnswer(answer, cost).finally(land);
    };
    return { beforeSend, onAnswer: hear, land, wasRefused: () => request.status === 429 };
  };

  return {
    run: async (cost, send) => {
      for (;;) {
        const { land, wasRefused, ...hooks } = hooksOf(cost);
        try {
          return await send(hooks).finally(land);
        } catch (error) {
          if (!(error instanceof RateLimited)) throw error;
          // The pause after a refusal began with the answer, and may be longer than what that asked for.
          const neededMs = wasRefused() ? refused.until - providerClock.now() : error.retryAfterMs;
          if (!(await waitFor(neededMs, patience))) throw error;
        }
      }
    },
    setLane: (next, nextPatience) => {
      lane = next;
      patience = nextPatience;
    },
    usage: () => ({ ...usage }),
  };
}

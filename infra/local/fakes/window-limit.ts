import type { FakeAnswer, FakeRequest } from './exchange.ts';
import { withHeaders } from './exchange.ts';
import type { Meter } from './provider.ts';

/** So many requests in each window of the clock. `retryAfter` as it stands in the header; without it there is none. */
export type WindowLimit = { readonly most: number; readonly windowMs: number; readonly retryAfter?: string };

/** A limit on requests that costs nothing to be refused by, and says nothing of what is left. */
export function windowLimit(
  limit: WindowLimit | undefined,
  isFree: (request: FakeRequest) => boolean,
  refused: () => FakeAnswer,
): Meter {
  let current = { window: Number.NaN, used: 0 };
  const at = (nowMs: number): typeof current => {
    const window = Math.floor(nowMs / (limit?.windowMs ?? Number.POSITIVE_INFINITY));
    if (window !== current.window) current = { window, used: 0 };
    return current;
  };
  const spend = (points: number, nowMs: number): void => {
    at(nowMs).used += points;
  };
  return {
    spend,
    charge: (request, answer, nowMs) => {
      if (isFree(request)) return { answer, cost: 0 };
      if (limit === undefined || at(nowMs).used < limit.most) {
        spend(1, nowMs);
        return { answer, cost: 1 };
      }
      const { retryAfter } = limit;
      return { answer: withHeaders(refused(), retryAfter === undefined ? {} : { 'retry-after': retryAfter }), cost: 0 };
    },
  };
}

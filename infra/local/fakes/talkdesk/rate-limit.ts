import { pathOf, withHeaders } from '../exchange.ts';
import type { Meter } from '../provider.ts';
import { apiError } from './error.ts';

/** Requests per clock second; no limit of these endpoints is documented, another page of the vendor says 2. */
export type RateLimit = { readonly perSecond: number; readonly retryAfter?: string };

export function secondLimit(limit: RateLimit | undefined): Meter {
  let current = { second: Number.NaN, used: 0 };
  const at = (nowMs: number): typeof current => {
    const second = Math.floor(nowMs / 1_000);
    if (second !== current.second) current = { second, used: 0 };
    return current;
  };
  const spend = (points: number, nowMs: number): void => {
    at(nowMs).used += points;
  };
  return {
    spend,
    charge: (request, answer, nowMs) => {
      const isFree = pathOf(request) === '/oauth/token' || pathOf(request).startsWith('/files/');
      if (isFree) return { answer, cost: 0 };
      if (limit === undefined || at(nowMs).used < limit.perSecond) {
        spend(1, nowMs);
        return { answer, cost: 1 };
      }
      const refused = apiError(429);
      const { retryAfter } = limit;
      return {
        answer: retryAfter === undefined ? refused : withHeaders(refused, { 'retry-after': retryAfter }),
        cost: 0,
      };
    },
  };
}

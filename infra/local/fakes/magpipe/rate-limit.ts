import { pathOf, withHeaders } from '../exchange.ts';
import type { Meter } from '../provider.ts';
import { apiError } from './envelope.ts';
import { magpipeDefaults } from './settings.ts';

/** Requests of a user; which span the headers speak of is not documented: `scarcer` is the one with less left. */
export type RateLimit = {
  readonly perMinute: number;
  readonly perHour: number;
  readonly headers: 'minute' | 'hour' | 'scarcer' | 'none';
};

export const documentedLimit: RateLimit = { perMinute: 100, perHour: 1_000, headers: 'scarcer' };

type Span = { readonly limit: number; readonly ms: number; index: number; used: number };

/** Both limits, each full again at the edges of the clock; those are inferred, the documents name none. */
export function hourLimit({ perMinute, perHour, headers }: RateLimit): Meter {
  const minute: Span = { limit: perMinute, ms: 60_000, index: Number.NaN, used: 0 };
  const hour: Span = { limit: perHour, ms: 3_600_000, index: Number.NaN, used: 0 };
  const left = ({ limit, used }: Span): number => Math.max(0, limit - used);
  const turn = (span: Span, nowMs: number): void => {
    const index = Math.floor(nowMs / span.ms);
    if (index !== span.index) Object.assign(span, { index, used: 0 });
  };
  const spend = (points: number, nowMs: number): void => {
    for (const span of [minute, hour]) {
      turn(span, nowMs);
      span.used += points;
    }
  };
  const told = (): Record<string, string> => {
    if (headers === 'none') return {};
    const isHour = headers === 'hour' || (headers === 'scarcer' && left(hour) < left(minute));
    const span = isHour ? hour : minute;
    return {
      'x-ratelimit-limit': String(span.limit),
      'x-ratelimit-remaining': String(left(span)),
      'x-ratelimit-reset': String(((span.index + 1) * span.ms) / 1_000),
    };
  };
  return {
    spend,
    charge: (request, answer, nowMs) => {
      if (!pathOf(request).startsWith('/functions/') || answer.status === 401) return { answer, cost: 0 };
      spend(0, nowMs);
      const isSpent = left(minute) === 0 || left(hour) === 0;
      const cost = isSpent ? 0 : 1;
      spend(cost, nowMs);
      const outcome = isSpent ? apiError(429, 'rate_limited', 'Too many requests', magpipeDefaults) : answer;
      return { answer: withHeaders(outcome, told()), cost };
    },
  };
}

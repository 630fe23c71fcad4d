import { parseHttpDate } from '#shared/http/retry-after.ts';

/**
 * The provider's clock as its `Date` headers show it: budgets begin anew on its minute and hour, not on ours. All in
 * milliseconds since 1970 by our clock.
 */
export type ProviderClock = {
  now: () => number;
  /** learns from an answer that was asked for at `sentAt` and has just arrived */
  observe: (date: string | undefined, sentAt: number) => void;
};

const hourMs = 3_600_000;

/**
 * A `Date` is cut to the second and lies somewhere between sending and arrival, so it bounds the difference of the
 * clocks; while none is within the bounds they count as equal. Only the difference within the hour is kept: that is
 * all a window's edge depends on, and a clock that is wrong by years cannot carry the budget away.
 */
export function openProviderClock(now: () => number): ProviderClock {
  let ahead = 0;
  return {
    now: () => now() + ahead,
    observe: (date, sentAt) => {
      const servedAt = parseHttpDate(date);
      if (servedAt === null) return;
      const least = servedAt - now();
      const most = servedAt + 999 - sentAt;
      const difference = Math.max(least, Math.min(most, 0));
      ahead = difference - Math.round(difference / hourMs) * hourMs;
    },
  };
}

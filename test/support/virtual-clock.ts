import type { Clock } from '#shared/http/clock.ts';

/** A clock that stands still until somebody sleeps on it or moves it; chance is always one half. */
export type VirtualClock = Clock & { advance: (ms: number) => void; slept: number[] };

export function virtualClock(start = Date.parse('2026-03-02T09:00:00Z')): VirtualClock {
  let now = start;
  const slept: number[] = [];
  return {
    now: () => now,
    random: () => 0.5,
    sleep: async (ms) => {
      slept.push(ms);
      now += ms;
    },
    advance: (ms) => {
      now += ms;
    },
    slept,
  };
}

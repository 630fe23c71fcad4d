import { setTimeout } from 'node:timers/promises';

/** Time and chance as arguments, so that a test runs on a clock of its own. */
export type Clock = {
  /** milliseconds since 1970 */
  now: () => number;
  /** at least 0, less than 1 */
  random: () => number;
  sleep: (ms: number) => Promise<void>;
};

/** The clock of a real run; only handlers pass `Date.now`. */
export const clockFrom = (now: () => number): Clock => ({ now, random: Math.random, sleep: (ms) => setTimeout(ms) });

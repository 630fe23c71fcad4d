/** How far a delivery's own time may lie from ours, in both directions (milliseconds): the five minutes of Svix and Stripe. */
const toleranceMs = 300_000;

/** Whether a time in seconds since 1970 is near enough to `now` (milliseconds) for a delivery to be a fresh one. */
export const isNear = (seconds: number, now: number): boolean => Math.abs(now - seconds * 1_000) <= toleranceMs;

/** Whether it is not further ahead than two clocks may be apart. */
export const isNotAhead = (seconds: number, now: number): boolean => seconds * 1_000 - now <= toleranceMs;

/** Whether it is not further behind. */
export const isNotBehind = (seconds: number, now: number): boolean => now - seconds * 1_000 <= toleranceMs;

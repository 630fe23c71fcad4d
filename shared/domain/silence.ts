import type { Window } from './checkpoint.ts';

const hourMs = 3_600_000;
const weekMs = 7 * 24 * hourMs;

/** A connection is silent when nothing began in so many milliseconds though it should have. */
const quietMs = 4 * hourMs;
/** Left out at both ends of the same hours before: clocks are changed by an hour twice a year, and days begin late. */
const marginMs = hourMs;
const weeks = 4;
/** So many of these weeks must have had so many conversations, else what is rare is taken for missing. */
const weeksWithSome = 3;
export const enoughInAWeek = 5;

/** How often a connection is looked at, so that it costs a few read units an hour. */
const everyMs = hourMs;

/** What is known of a connection's silence; instants in milliseconds since 1970. */
export type Silence = {
  checkedAt: number;
  /** when the newest conversation began, where there should have been some since; null: it is not silent */
  since: number | null;
};

/** Whether it is time to look: each hour, and at once where a silent connection has brought something. */
export const isTimeToListen = (known: Silence | null, discovered: boolean, now: number): boolean =>
  known === null || now - known.checkedAt >= everyMs || (known.since !== null && discovered);

/** Whether a conversation that began then is so new that there is no silence. */
export const isRecent = (newest: number, now: number): boolean => newest >= now - quietMs;

/** The same hours of the last weeks, newest first, in which there must have been conversations for a silence to mean something. */
export const sameHoursBefore = (now: number): Window[] =>
  Array.from({ length: weeks }, (_, i) => {
    const week = now - (i + 1) * weekMs;
    return { from: week - quietMs + marginMs, to: week - marginMs };
  });

/** Whether the weeks that are still to be counted can make it so, behind those of `before`. */
export const mayHaveHadSome = (before: readonly number[]): boolean =>
  before.filter((count) => count < enoughInAWeek).length <= weeks - weeksWithSome;

/** Whether history says that there should have been some; `before` counts what began in each of `sameHoursBefore`. */
export const shouldHaveHadSome = (before: readonly number[]): boolean =>
  before.filter((count) => count >= enoughInAWeek).length >= weeksWithSome;

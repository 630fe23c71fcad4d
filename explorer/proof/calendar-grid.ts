import type { AuditHour } from '../api/answers.ts';
import { hourOfDay, weekdayOf, type Zone } from '../words/times.ts';

export const hourMs = 3_600_000;

/** What an hour of the books is: nothing happened, everything is here, the provider was not asked yet, something is missing. */
export type HourState = 'quiet' | 'complete' | 'waiting' | 'gap';

export function stateOf({ verifiedAt, gaps, listed, stored, quarantined, erased, expired }: AuditHour): HourState {
  if (gaps.length > 0 || listed > stored + quarantined + erased + expired) return 'gap';
  if (verifiedAt === null) return 'waiting';
  return listed === 0 && stored === 0 ? 'quiet' : 'complete';
}

/** Missing conversations of an hour: what is listed and neither stored, nor quarantined, nor gone on purpose. */
export const missingOf = ({ listed, stored, quarantined, erased, expired }: AuditHour): number =>
  Math.max(0, listed - stored - quarantined - erased - expired);

export type Day = { label: string; slots: readonly (readonly AuditHour[])[] };

/**
 * The hours as days of the reader, newest first, each with 24 slots. Where a clock is set back a slot has two hours, where
 * it is set forward one has none.
 */
export function daysOf(hours: readonly AuditHour[], zone: Zone): Day[] {
  const days = new Map<string, AuditHour[][]>();
  for (const hour of hours) {
    const at = Date.parse(hour.hour);
    const label = weekdayOf(at, zone);
    const slots = days.get(label) ?? Array.from({ length: 24 }, () => []);
    slots[hourOfDay(at, zone)]?.push(hour);
    days.set(label, slots);
  }
  return [...days].map(([label, slots]) => ({ label, slots })).reverse();
}

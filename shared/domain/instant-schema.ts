import * as z from 'zod';
import { formatInstant, parseInstant } from './instant.ts';

/** Instants outside these years have no sortable text of one length. */
const inRange = (ms: number): boolean => ms >= Date.UTC(1, 0, 1) && ms < Date.UTC(9999, 11, 31);

/** February 30 is refused; `Date` would take it for March 2. */
const realDay = (text: string): boolean => {
  const [year, month, day] = text.slice(0, 10).split('-').map(Number);
  const date = new Date(0);
  date.setUTCFullYear(year ?? 0, (month ?? 1) - 1, day ?? 0);
  return date.getUTCDate() === day;
};

/** An ISO 8601 instant with zone, as ours: UTC with milliseconds. A `+` of the zone that came unencoded is a blank by now. */
export const instant = z.string().transform((text, context) => {
  const ms = parseInstant(text.replace(/ (?=\d{2}:?\d{2}$)/, '+'));
  if (ms !== null && inRange(ms) && realDay(text)) return formatInstant(ms);
  context.addIssue({ code: 'custom', message: 'expected an ISO 8601 instant, for example 2026-03-02T09:14:07Z' });
  return z.NEVER;
});

import * as z from 'zod';
import { parseInstant } from '#shared/domain/instant.ts';

const date = /^\d{4}-\d{2}-\d{2}/;
const expected = 'expected an ISO 8601 date-time, for example 2026-03-02T09:14:07Z';

/** With what clients leave out: the time of a day, its seconds, the zone (UTC). A `+` sent bare is a blank by now. */
export function completed(text: string): string {
  const full = text.replace(/ (?=\d{2}:?\d{2}$)/, '+').replace(/^(\d{4}-\d{2}-\d{2})$/, '$1T00:00:00Z');
  const timed = full.replace(/^(\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2})(?!:)/, '$1:00');
  return /(Z|[+-]\d{2}:?\d{2})$/.test(timed) ? timed : `${timed}Z`;
}

/** February 30 is refused; `Date` would take it for March 2. */
function isRealDay(text: string): boolean {
  const [year = 0, month = 1, day = 0] = (date.exec(text)?.[0] ?? '').split('-').map(Number);
  const real = new Date(0);
  real.setUTCFullYear(year, month - 1, day);
  return real.getUTCDate() === day && real.getUTCMonth() === month - 1;
}

/** Instants outside these years have no sortable text of one length. */
const inRange = (ms: number): boolean => ms >= Date.UTC(1, 0, 2) && ms < Date.UTC(9999, 11, 30);

/** An ISO 8601 date-time as the clients of the providers write it; milliseconds since 1970. */
export const instantParameter = z
  .string()
  .max(40, expected)
  .transform((text, context) => {
    const ms = parseInstant(completed(text));
    if (ms !== null && inRange(ms) && isRealDay(text)) return ms;
    context.addIssue({ code: 'custom', message: expected });
    return z.NEVER;
  });

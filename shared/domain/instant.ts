/**
 * Instants. Ours are ISO 8601 UTC with milliseconds (`2026-03-02T09:14:07.000Z`). A provider's finer stamp is kept as
 * received where it serves as a cursor; `instantOrder` makes such stamps comparable as text.
 */
const isoInstant = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}:\d{2})(?:\.(\d{1,9}))?(Z|[+-]\d{2}:?\d{2})$/;

/** What most providers send, a call's turns by the dozen; all of it but the finer digits is our own form. */
const usualInstant = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3,9}Z$/;
const toMilliseconds = '2026-03-02T09:14:07.000'.length;

/** Milliseconds since 1970 of an ISO 8601 instant with zone, or null where the text is not one. */
export function parseInstant(text: string): number | null {
  if (usualInstant.test(text)) return known(Date.parse(`${text.slice(0, toMilliseconds)}Z`));
  const match = isoInstant.exec(text);
  if (!match) return null;
  const [, date, time, fraction = '', zone = 'Z'] = match;
  const offset = zone === 'Z' || zone.includes(':') ? zone : `${zone.slice(0, 3)}:${zone.slice(3)}`;
  return known(Date.parse(`${date}T${time}.${fraction.padEnd(3, '0').slice(0, 3)}${offset}`));
}

const known = (ms: number): number | null => (Number.isNaN(ms) ? null : ms);

/** `2026-03-02T09:14:07.000Z` for milliseconds since 1970. */
export const formatInstant = (ms: number): string => new Date(ms).toISOString();

/**
 * Text that sorts as the instants do, to the nanosecond: UTC with nine decimals. Null where the text is no instant.
 * A JavaScript `Date` drops microseconds, so a cursor made from one returns its last row for ever.
 */
export function instantOrder(text: string): string | null {
  const ms = parseInstant(text);
  if (ms === null) return null;
  const fraction = isoInstant.exec(text)?.[3] ?? '';
  return `${formatInstant(ms).slice(0, 19)}.${fraction.padEnd(9, '0')}Z`;
}

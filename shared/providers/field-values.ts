import { formatInstant, instantOrder, parseInstant } from '#shared/domain/instant.ts';

/** Our instants have four digits of year: an offset can push a provider's text beyond. */
const earliest = Date.parse('0001-01-01T00:00:00Z');
const latest = Date.parse('9999-12-31T23:59:59.999Z');
/** Smaller numbers in a field of unknown base are offsets, not instants. */
const year2000 = Date.parse('2000-01-01T00:00:00Z');

/** Milliseconds since 1970 of the instant that a provider's text names; null where it names none. */
export function instantMs(value: string | null | undefined): number | null {
  const ms = value ? parseInstant(value) : null;
  return ms !== null && ms >= earliest && ms <= latest ? ms : null;
}

/** The same in our form. */
export function isoInstant(value: string | null | undefined): string | null {
  const ms = instantMs(value);
  return ms === null ? null : formatInstant(ms);
}

/** Sortable text of a provider's stamp to the nanosecond; null for whatever is no instant. */
export function stampOrder(value: unknown): string | null {
  return typeof value === 'string' && instantMs(value) !== null ? instantOrder(value) : null;
}

/** An instant in milliseconds since 1970, where the number can be one. */
export function epochInstant(ms: number | null | undefined): string | null {
  return typeof ms === 'number' && ms >= year2000 && ms <= latest ? formatInstant(ms) : null;
}

/** Whole milliseconds of a length; null where it is none. */
export function wholeMs(ms: number | null | undefined): number | null {
  if (typeof ms !== 'number') return null;
  const rounded = Math.round(ms);
  return Number.isSafeInteger(rounded) && rounded >= 0 ? Math.abs(rounded) : null;
}

/** Whole milliseconds of a length in seconds with fractions. */
export const secondsToMs = (seconds: number | null | undefined): number | null =>
  typeof seconds === 'number' ? wholeMs(seconds * 1000) : null;

/** Milliseconds from one instant to another; null where one is missing or the order is wrong. */
export const between = (startMs: number | null, endMs: number | null): number | null =>
  startMs === null || endMs === null ? null : wholeMs(endMs - startMs);

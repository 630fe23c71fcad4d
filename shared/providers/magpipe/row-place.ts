import { createHash } from 'node:crypto';
import { ResponseInvalid } from '#shared/domain/errors.ts';
import { instantMs } from '../field-values.ts';
import { identitySchema, placeSchema } from './schema.ts';

/** Where a row's `created_at` lies, in milliseconds since 1970: at `ms` or later, at `untilMs` at the latest. */
type Place = { ms: number; untilMs: number };

/**
 * A stamp may be shown with fewer digits than it is stored with: JavaScript cuts to the millisecond, Postgres drops
 * trailing zeros. A filter by the stamp as shown would leave out rows of the same moment, so its whole span is meant.
 */
function placeOf(row: unknown): Place | null {
  const parsed = placeSchema.safeParse(row);
  const ms = parsed.success ? instantMs(parsed.data.created_at) : null;
  if (!parsed.success || ms === null) return null;
  const digits = /\.(\d+)/.exec(parsed.data.created_at)?.[1]?.length ?? 0;
  return { ms, untilMs: ms + 10 ** Math.max(0, 3 - digits) };
}

/**
 * The places of a page that is not the last. Rows without a readable stamp are passed over: they are given as records,
 * and the walk goes by the others. Throws ResponseInvalid where none is left, or where the rows are not newest first.
 */
export function placesOf(rows: readonly unknown[]): [Place, ...Place[]] {
  const [first, ...rest] = rows.flatMap((row) => placeOf(row) ?? []);
  if (!first) throw new ResponseInvalid('a full page of calls without a readable created_at');
  const places: [Place, ...Place[]] = [first, ...rest];
  if (rest.some(({ ms }, i) => ms > (places[i]?.ms ?? ms))) throw new ResponseInvalid('calls are not newest first');
  return places;
}

/** A short mark of a row's id keeps the cursor small, whatever the ids are. A row without one is known by its whole. */
function markOf(row: unknown): string {
  const parsed = identitySchema.safeParse(row);
  const text = parsed.success ? parsed.data.id : JSON.stringify(row);
  return createHash('sha256').update(text).digest('base64url').slice(0, 12);
}

export const marksOf = (rows: readonly unknown[]): string[] => rows.map(markOf);

/** Marks of the rows at `untilMs` or before, and of those that stand nowhere. */
export const marksUpTo = (rows: readonly unknown[], untilMs: number): string[] =>
  marksOf(rows.filter((row) => (placeOf(row)?.ms ?? untilMs) <= untilMs));

/** The rows without those that carry one of these marks. */
export function freshRows(rows: readonly unknown[], given: readonly string[]): readonly unknown[] {
  if (given.length === 0) return rows;
  const known = new Set(given);
  return rows.filter((row) => !known.has(markOf(row)));
}

import { createHash } from 'node:crypto';
import { ResponseInvalid } from '#shared/domain/errors.ts';
import { stampOrder } from '../field-values.ts';
import type { Low } from './position.ts';
import { stampedSchema } from './schema.ts';

/** One step along a stamp by which rows are sorted. */
export type Field = 'updated_at' | 'created_at';

const fieldOf = (row: unknown, field: Field): string | null => {
  const value = typeof row === 'object' && row !== null ? Reflect.get(row, field) : null;
  return typeof value === 'string' && stampOrder(value) !== null ? value : null;
};

/** A short mark of a row's id keeps the cursor small, whatever the ids are. Rows without a usable id have none. */
function markOf(row: unknown): string | null {
  const parsed = stampedSchema.safeParse(row);
  return parsed.success ? createHash('sha256').update(parsed.data.id).digest('base64url').slice(0, 16) : null;
}

export const marksOf = (rows: readonly unknown[]): string[] => rows.flatMap((row) => markOf(row) ?? []);
export const union = (...marks: readonly (readonly string[])[]): string[] => [...new Set(marks.flat())];

/** Where a keyset goes after a page that is not the last: on behind its last stamp, or into the tie that fills it. */
type Move = { tied: string } | { low: Low };

/**
 * Rows whose stamp cannot be read are passed over: they are given as records, and the walk goes by the others. Throws
 * ResponseInvalid where the page is not sorted or does not lead on: the filter was ignored, and going on would loop.
 */
export function moveBehind(rows: readonly unknown[], field: Field, low: Low | null): Move {
  const stamps = rows.flatMap((row) => fieldOf(row, field) ?? []);
  const first = stamps[0];
  const last = stamps.at(-1);
  const orders = stamps.map((stamp) => stampOrder(stamp) ?? '');
  const lastOrder = orders.at(-1);
  if (first === undefined || last === undefined || lastOrder === undefined) {
    throw new ResponseInvalid(`a full page of conversations without a readable ${field}`);
  }
  // Cut to the millisecond, as some implementations sort.
  if (orders.some((order, i) => order.slice(0, 23) < (orders[i - 1] ?? '').slice(0, 23))) {
    throw new ResponseInvalid(`conversations are not sorted by ${field}`);
  }
  const tied = stampOrder(first) === lastOrder;
  const before = low ? (stampOrder(low.value) ?? '') : '';
  // Only rows that all stand at the bound may end there: they are the tie to go into.
  if (tied && !low?.strict ? lastOrder < before : lastOrder <= before) {
    throw new ResponseInvalid(`a page of conversations does not lead on in ${field}`);
  }
  if (tied) return { tied: last };
  const atLast = rows.filter((row) => stampOrder(fieldOf(row, field)) === lastOrder);
  return { low: { value: last, strict: false, given: marksOf(atLast) } };
}

/** The rows without those that carry one of these marks. */
export function freshRows(rows: readonly unknown[], given: readonly string[]): readonly unknown[] {
  if (given.length === 0) return rows;
  const known = new Set(given);
  return rows.filter((row) => !known.has(markOf(row) ?? ''));
}

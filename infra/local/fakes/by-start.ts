import type { Interval, Position } from './cursor.ts';

type Started = { readonly id: string; readonly startedAtUs: number };

/** Records by start, sorted once while none is added, so that reading 100,000 page by page is no sorting of each page. */
const sorted = new WeakMap<readonly Started[], readonly Started[]>();

/** The listed records whose start lies in the interval; from a position on, those behind it in this order. */
export function within<Listed extends Started>(
  records: readonly Listed[],
  start: Interval | Position,
  order: 'ascending' | 'descending',
  isListed: (record: Listed) => boolean,
): readonly Listed[] {
  const all = byStart(records);
  const inside = all.slice(lowerBound(all, start.fromUs), lowerBound(all, start.toUs)).filter(isListed);
  const ordered = order === 'ascending' ? inside : inside.reverse();
  if (!('afterUs' in start)) return ordered;
  const side = order === 'ascending' ? 1 : -1;
  return ordered.filter(
    ({ startedAtUs, id }) =>
      side * (startedAtUs - start.afterUs || (id < start.afterId ? -1 : id > start.afterId ? 1 : 0)) > 0,
  );
}

function byStart<Listed extends Started>(records: readonly Listed[]): readonly Listed[] {
  // what is kept under a list holds the same records in another order
  const known = sorted.get(records) as readonly Listed[] | undefined;
  if (known?.length === records.length) return known;
  const order = [...records].sort((a, b) => a.startedAtUs - b.startedAtUs || (a.id < b.id ? -1 : 1));
  sorted.set(records, order);
  return order;
}

function lowerBound(records: readonly Started[], us: number): number {
  let [low, high] = [0, records.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((records[middle]?.startedAtUs ?? Number.POSITIVE_INFINITY) < us) low = middle + 1;
    else high = middle;
  }
  return low;
}

import type { Conversation } from '#shared/domain/conversation.ts';
import type { Filters } from '../address/filters.ts';

type Row = Pick<Conversation, 'uuid' | 'startedAt' | 'updatedAt' | 'durationMs'>;

export type Order = (a: Row, b: Row) => number;

/** The API's own order: by what the filters say, what has no value last in both directions. */
export function orderOf({ sort, order }: Filters): Order {
  const direction = order === 'asc' ? 1 : -1;
  const field = sort === 'updatedAt' || sort === 'durationMs' ? sort : 'startedAt';
  return (a, b) => {
    const [left, right] = [a[field], b[field]];
    if (left === null || right === null) {
      if (left !== right) return left === null ? 1 : -1;
    } else if (left !== right) return left < right ? -direction : direction;
    return a.uuid === b.uuid ? 0 : a.uuid < b.uuid ? -direction : direction;
  };
}

/** What an answer covers: what stands behind `after` and up to `until`, which is its last row; null is an end of the list. */
export type Span<R> = { after: R | null; until: R | null };

/**
 * The rows with a newer answer in the place of what it covers. What it covers and does not have is gone; a row that it has
 * and that stood elsewhere has moved.
 */
export function mergeRows<R extends Row>(rows: readonly R[], fresh: readonly R[], span: Span<R>, order: Order): R[] {
  const seen = new Set(fresh.map(({ uuid }) => uuid));
  const isCovered = (row: R): boolean =>
    (span.after === null || order(row, span.after) > 0) && (span.until === null || order(row, span.until) <= 0);
  const kept = rows.filter((row) => !seen.has(row.uuid) && !isCovered(row));
  return [...kept, ...fresh].sort(order);
}

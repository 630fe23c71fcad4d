import { ResponseInvalid } from '#shared/domain/errors.ts';
import { listSchema, oneSchema } from './schema.ts';

/** The largest page (developers.salesloft.com/docs/api/conversations-find-all); more is silently set to 25. */
export const pageSize = 100;

/** One page of a list, its envelope read and its rows untouched. */
export type ListAnswer = {
  rows: readonly unknown[];
  /** nothing follows in this listing */
  last: boolean;
  /** the page that the provider believes it gave; null where it does not say */
  page: number | null;
  /** known only when asked for */
  totalPages: number | null;
};

/**
 * The envelope of a list, or the bare array that the reference page shows. `next_page` decides where it is given; else
 * a page shorter than the size that the answer echoes: a capped page size must not look like the end.
 */
export function readList(body: unknown): ListAnswer {
  const parsed = listSchema.safeParse(Array.isArray(body) ? { data: body } : body);
  if (!parsed.success) throw new ResponseInvalid('list answer is not {"metadata", "data": [...]}');
  const rows = parsed.data.data;
  const paging = parsed.data.metadata?.paging;
  const more = paging?.next_page;
  if (rows.length === 0 && more) throw new ResponseInvalid('an empty page names a next page');
  return {
    rows,
    last: rows.length === 0 || (more === undefined ? rows.length < (paging?.per_page ?? pageSize) : !more),
    page: paging?.current_page ?? null,
    totalPages: paging?.total_pages ?? null,
  };
}

/** The object of `{"data": {...}}`. */
export function readOne(body: unknown): Readonly<Record<string, unknown>> {
  const parsed = oneSchema.safeParse(body);
  if (!parsed.success) throw new ResponseInvalid('answer is not {"data": {...}}');
  return parsed.data.data;
}

/** Cost points of a request by its page number (developers.salesloft.com/docs/platform/api-basics/rate-limits). */
export function pageCost(page: number): number {
  if (page <= 100) return 1;
  if (page <= 150) return 3;
  if (page <= 250) return 8;
  if (page <= 500) return 10;
  return 30;
}

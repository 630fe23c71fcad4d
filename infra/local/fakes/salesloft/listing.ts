import type { FakeAnswer } from '../exchange.ts';
import { jsonAnswer, jsonTextAnswer } from '../exchange.ts';
import type { Bounds, Faults, FilterSet, Filters } from './filters.ts';
import { readFilters } from './filters.ts';
import type { Row, Sorted, SortField } from './view.ts';

/** Filtering, sorting and paging, alike in every list of the API. */

export type ListKind = {
  readonly filters: FilterSet;
  readonly sortFields: readonly SortField[];
  readonly obeysDirection: boolean;
  readonly rowText: (row: Row) => string;
};

export type Paging = { readonly page: number; readonly perPage: number; readonly withCounts: boolean };

export function answerList(query: URLSearchParams, sorted: Sorted, kind: ListKind): FakeAnswer {
  const filters = readFilters(query, kind.filters);
  const order = readOrder(query, kind, filters.faults);
  if (Object.keys(filters.faults).length > 0) return jsonAnswer(422, { errors: filters.faults });
  const paging = readPaging(query);
  const { rows, total } = pageOf(select(sorted(order.field), order.field, filters), order.descending, paging);
  const sorting = {
    sort_by: order.field,
    sort_direction: order.descending ? 'DESC NULLS LAST' : 'ASC NULLS FIRST',
  };
  return envelope({ filtering: filters.echo, paging: pagingBlock(paging, total), sorting }, rows.map(kind.rowText));
}

export function envelope(metadata: unknown, rowTexts: readonly string[]): FakeAnswer {
  return jsonTextAnswer(200, `{"metadata":${JSON.stringify(metadata)},"data":[${rowTexts.join(',')}]}`);
}

/** A bad or too large value quietly becomes the default. */
export function readPaging(query: URLSearchParams): Paging {
  const perPage = positive(query.get('per_page'));
  return {
    page: positive(query.get('page')) ?? 1,
    perPage: perPage === undefined || perPage > 100 ? 25 : perPage,
    withCounts: query.get('include_paging_counts') === 'true',
  };
}

export function pagingBlock(
  { page, perPage, withCounts }: Paging,
  total: number,
): Readonly<Record<string, number | null>> {
  const pages = Math.ceil(total / perPage);
  const counts: Record<string, number> = withCounts ? { total_pages: pages, total_count: total } : {};
  return {
    per_page: perPage,
    current_page: page,
    next_page: page < pages ? page + 1 : null,
    prev_page: page > 1 ? page - 1 : null,
    ...counts,
  };
}

function readOrder(query: URLSearchParams, kind: ListKind, faults: Faults): { field: SortField; descending: boolean } {
  const asked = query.get('sort_by') ?? 'created_at';
  const field = kind.sortFields.find((known) => known === asked);
  if (field === undefined) faults['sort_by'] = ['is invalid'];
  const direction = kind.obeysDirection ? (query.get('sort_direction') ?? 'desc').toLowerCase() : 'desc';
  if (direction !== 'asc' && direction !== 'desc') faults['sort_direction'] = ['is invalid'];
  return { field: field ?? 'created_at', descending: direction === 'desc' };
}

/** The rows that pass, ascending; the sorted field's own bounds by halving, the rest row by row. */
function select(rows: readonly Row[], field: SortField, { bounds, tests }: Filters): readonly Row[] {
  const own = bounds.get(field) ?? {};
  const first = countBefore(rows, field, own, 'lower');
  const inside = rows.slice(first, Math.max(first, countBefore(rows, field, own, 'upper')));
  const others = [...bounds].filter(([name]) => name !== field);
  if (tests.length === 0 && others.length === 0) return inside;
  return inside.filter(
    (row) => tests.every((test) => test(row)) && others.every(([name, other]) => within(fieldOf(row, name), other)),
  );
}

function countBefore(rows: readonly Row[], field: SortField, bounds: Bounds, edge: 'lower' | 'upper'): number {
  const { gt = -Infinity, gte = -Infinity, lt = Infinity, lte = Infinity } = bounds;
  const isBefore = (value: number): boolean =>
    edge === 'lower' ? value <= gt || value < gte : value < lt && value <= lte;
  let [low, high] = [0, rows.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const row = rows[middle];
    if (row !== undefined && isBefore(row[field])) low = middle + 1;
    else high = middle;
  }
  return low;
}

function within(value: number, { gt = -Infinity, gte = -Infinity, lt = Infinity, lte = Infinity }: Bounds): boolean {
  return value > gt && value >= gte && value < lt && value <= lte;
}

function fieldOf(row: Row, name: string): number {
  return name === 'created_at' || name === 'updated_at' || name === 'duration' ? row[name] : Number.NaN;
}

function pageOf(rows: readonly Row[], descending: boolean, { page, perPage }: Paging): { rows: Row[]; total: number } {
  const from = (page - 1) * perPage;
  if (!descending) return { rows: rows.slice(from, from + perPage), total: rows.length };
  const end = Math.max(0, rows.length - from);
  return { rows: rows.slice(Math.max(0, end - perPage), end).reverse(), total: rows.length };
}

function positive(text: string | null): number | undefined {
  return text !== null && /^[1-9]\d{0,8}$/.test(text) ? Number(text) : undefined;
}

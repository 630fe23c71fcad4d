import type { Window } from '#shared/domain/checkpoint.ts';
import { ResponseInvalid } from '#shared/domain/errors.ts';
import { formatInstant } from '#shared/domain/instant.ts';
import { type Field, freshRows, marksOf, moveBehind, union } from './keyset.ts';
import { type ListAnswer, pageSize } from './list-answer.ts';
import type { Low, Position } from './position.ts';

/**
 * The request plan of a window: a walk along one stamp that always asks for page 1 of what is not read yet. Deep pages
 * cost up to 30 points each, and items change pages while their `updated_at` moves, so page numbers serve only rows that
 * agree in both stamps to the microsecond. Along `updated_at` it finds what has changed, along `created_at` what there is:
 * a row that changes meanwhile goes on in front of the walk either way.
 */

/** The stamp by which a window is walked, and the one that orders its ties. */
type Order = { first: Field; second: Field };
export const byChange: Order = { first: 'updated_at', second: 'created_at' };
export const byCreation: Order = { first: 'created_at', second: 'updated_at' };

type Query = readonly (readonly [string, string])[];

/** Behind page 100 a request costs more; so many rows of equal stamps have not been seen anywhere. */
const lastPage = 100;

const bound = (field: string, low: Low | null): Query =>
  low ? [[`${field}[${low.strict ? 'gt' : 'gte'}]`, low.value]] : [];

const exactly = (field: string, value: string): Query => [
  [`${field}[gte]`, value],
  [`${field}[lte]`, value],
];

const sorted = (field: string, page: number): Query => [
  ['sort_by', field],
  ['sort_direction', 'asc'],
  ['per_page', String(pageSize)],
  ['page', String(page)],
];

/** The query of the page at a position. */
export function queryAt({ first, second }: Order, window: Window, position: Position): Query {
  switch (position.by) {
    case 'first': {
      const low = position.low ?? { value: formatInstant(window.from), strict: false, given: [] };
      const end = [`${first}[lt]`, formatInstant(window.to)] as const;
      return [...bound(first, low), end, ...sorted(first, 1)];
    }
    case 'second':
      return [...exactly(first, position.stamp), ...bound(second, position.low), ...sorted(second, 1)];
    case 'page':
      return [
        ...exactly(first, position.stamp),
        ...exactly(second, position.second),
        ...sorted(second, position.page),
        ['include_paging_counts', 'true'],
      ];
  }
}

type Step = {
  /** rows that were not given before */
  fresh: readonly unknown[];
  next: Position | null;
};

/** What a page at a position gives, and where the walk stands after it; `next` is null at the window's end. */
export function stepBehind(order: Order, position: Position, answer: ListAnswer): Step {
  switch (position.by) {
    case 'first':
      return { fresh: freshRows(answer.rows, position.low?.given ?? []), next: nextByFirst(order, position, answer) };
    case 'second':
      return {
        fresh: freshRows(answer.rows, union(position.given, position.low?.given ?? [])),
        next: nextBySecond(order, position, answer),
      };
    case 'page':
      return {
        fresh: freshRows(answer.rows, union(position.given, position.tied)),
        next: nextByPage(position, answer),
      };
  }
}

type At<By extends Position['by']> = Extract<Position, { by: By }>;

function nextByFirst({ first }: Order, { low }: At<'first'>, { rows, last }: ListAnswer): Position | null {
  if (last) return null;
  const move = moveBehind(rows, first, low);
  if ('low' in move) return { by: 'first', low: move.low };
  return { by: 'second', stamp: move.tied, given: union(low?.given ?? [], marksOf(rows)), low: null };
}

function nextBySecond({ second }: Order, position: At<'second'>, { rows, last }: ListAnswer): Position {
  const { stamp, given, low } = position;
  if (last) return { by: 'first', low: { value: stamp, strict: true, given: [] } };
  const move = moveBehind(rows, second, low);
  if ('low' in move) return { ...position, low: move.low };
  const tied = union(low?.given ?? [], marksOf(rows));
  return { by: 'page', stamp, given, second: move.tied, tied, page: 1, down: false };
}

/**
 * A row that is changed meanwhile leaves the tie, and the rows behind it move a page down. So the pages are read from
 * the last to the first once their number is known: what moves is then read twice, never missed.
 */
function nextByPage(position: At<'page'>, answer: ListAnswer): Position {
  const { stamp, given, second, page, down } = position;
  if (answer.page !== null && answer.page !== page) {
    throw new ResponseInvalid(`asked for page ${page} of conversations, got page ${answer.page}`);
  }
  const done: Position = { by: 'second', stamp, given, low: { value: second, strict: true, given: [] } };
  const to = (next: number, downwards: boolean): Position => {
    if (next > lastPage) {
      throw new ResponseInvalid(`more than ${lastPage * pageSize} conversations share one updated_at and created_at`);
    }
    return { ...position, page: next, down: downwards };
  };
  if (down) return page > 1 ? to(page - 1, true) : done;
  if (answer.last) return done;
  return page === 1 && answer.totalPages !== null ? to(Math.max(answer.totalPages, 2), true) : to(page + 1, false);
}

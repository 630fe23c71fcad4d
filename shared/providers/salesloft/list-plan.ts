import type { Window } from '#shared/domain/checkpoint.ts';
import { ResponseInvalid } from '#shared/domain/errors.ts';
import { formatInstant } from '#shared/domain/instant.ts';
import { freshRows, marksOf, moveBehind, union } from './keyset.ts';
import { type ListAnswer, pageSize } from './list-answer.ts';
import type { Low, Position } from './position.ts';

/**
 * The request plan of a window: a walk along `updated_at` that always asks for page 1 of what is not read yet. Deep
 * pages cost up to 30 points each, and items change pages while their `updated_at` moves, so page numbers serve only
 * rows that agree in both stamps to the microsecond.
 */

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
export function queryAt(window: Window, position: Position): Query {
  switch (position.by) {
    case 'updated': {
      const low = position.low ?? { value: formatInstant(window.from), strict: false, given: [] };
      const end = ['updated_at[lt]', formatInstant(window.to)] as const;
      return [...bound('updated_at', low), end, ...sorted('updated_at', 1)];
    }
    case 'created':
      return [
        ...exactly('updated_at', position.stamp),
        ...bound('created_at', position.low),
        ...sorted('created_at', 1),
      ];
    case 'page':
      return [
        ...exactly('updated_at', position.stamp),
        ...exactly('created_at', position.created),
        ...sorted('created_at', position.page),
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
export function stepBehind(position: Position, answer: ListAnswer): Step {
  switch (position.by) {
    case 'updated':
      return { fresh: freshRows(answer.rows, position.low?.given ?? []), next: nextByUpdated(position, answer) };
    case 'created':
      return {
        fresh: freshRows(answer.rows, union(position.given, position.low?.given ?? [])),
        next: nextByCreated(position, answer),
      };
    case 'page':
      return {
        fresh: freshRows(answer.rows, union(position.given, position.tied)),
        next: nextByPage(position, answer),
      };
  }
}

type At<By extends Position['by']> = Extract<Position, { by: By }>;

function nextByUpdated({ low }: At<'updated'>, { rows, last }: ListAnswer): Position | null {
  if (last) return null;
  const move = moveBehind(rows, 'updated_at', low);
  if ('low' in move) return { by: 'updated', low: move.low };
  return { by: 'created', stamp: move.tied, given: union(low?.given ?? [], marksOf(rows)), low: null };
}

function nextByCreated(position: At<'created'>, { rows, last }: ListAnswer): Position {
  const { stamp, given, low } = position;
  if (last) return { by: 'updated', low: { value: stamp, strict: true, given: [] } };
  const move = moveBehind(rows, 'created_at', low);
  if ('low' in move) return { ...position, low: move.low };
  const tied = union(low?.given ?? [], marksOf(rows));
  return { by: 'page', stamp, given, created: move.tied, tied, page: 1, down: false };
}

/**
 * A row that is changed meanwhile leaves the tie, and the rows behind it move a page down. So the pages are read from
 * the last to the first once their number is known: what moves is then read twice, never missed.
 */
function nextByPage(position: At<'page'>, answer: ListAnswer): Position {
  const { stamp, given, created, page, down } = position;
  if (answer.page !== null && answer.page !== page) {
    throw new ResponseInvalid(`asked for page ${page} of conversations, got page ${answer.page}`);
  }
  const done: Position = { by: 'created', stamp, given, low: { value: created, strict: true, given: [] } };
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

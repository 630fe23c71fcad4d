import type { Window } from '#shared/domain/checkpoint.ts';
import { ResponseInvalid } from '#shared/domain/errors.ts';
import { formatInstant } from '#shared/domain/instant.ts';
import { instantMs } from '../field-values.ts';
import type { ListAnswer } from './payload.ts';
import type { Position } from './position.ts';
import { freshRows, marksOf, marksUpTo, placesOf } from './row-place.ts';

/**
 * The request plan of a window: a walk down `created_at`, newest first under the window's end, that always asks for the
 * first page of what is not read yet. An offset counts rows that others may add or take away while it is used, so
 * offsets serve only the calls of one moment that fill more than a page. There not even the order of rows is certain from
 * one request to the next, so the walk goes on once it saw as many different calls as the list says there are, that
 * number standing still meanwhile.
 */

type At<By extends Position['by']> = Extract<Position, { by: By }>;

/** The largest page (docs.magpipe.ai/api-reference/endpoints/list-calls). */
const pageSize = 100;

/** So many calls of one moment have not been seen anywhere: the list must be ignoring its filters. */
const largestTie = 10_000;
/** Through the calls of one moment. */
const mostPasses = 20;

/**
 * How far a tie's offset moves behind a page: in later passes by less than the page, so that pages begin elsewhere. A
 * database that orders ties anew for each page shows other calls there.
 */
const stepOf = ({ pass }: At<'tie'>, rows: number): number => Math.ceil(rows * (1 - (pass - 1) / 25));

/** The question for the page at a position; null is the window's end. Both dates are included. */
export function questionAt(window: Window, position: Position | null): Readonly<Record<string, string | number>> {
  if (position?.by !== 'tie') {
    const to = position?.to ?? formatInstant(window.to);
    return { limit: pageSize, offset: 0, from_date: formatInstant(window.from), to_date: to };
  }
  const { offset, fromMs, toMs } = position;
  return {
    limit: pageSize,
    offset,
    from_date: formatInstant(Math.max(fromMs, window.from)),
    to_date: formatInstant(toMs),
  };
}

type Step = {
  /** rows that were not given before */
  fresh: readonly unknown[];
  next: Position | null;
};

/** What a page at a position gives, and where the walk stands behind it; `next` is null at the window's start. */
export function stepBehind(position: Position | null, answer: ListAnswer): Step {
  if (position?.by === 'tie') {
    return { fresh: freshRows(answer.rows, position.seen), next: stepInTie(position, answer) };
  }
  const fresh = freshRows(answer.rows, position?.given ?? []);
  return { fresh, next: hasMore(position, answer) ? stepFromEdge(position, answer) : null };
}

/** `total` is believed beside `has_more`: a page size that is silently capped must not look like the end. */
function hasMore(position: Position | null, { rows, total, hasMore: more }: ListAnswer): boolean {
  const passed = (position?.by === 'tie' ? position.offset : 0) + rows.length;
  const counted = total !== null && total > passed;
  if (rows.length === 0) {
    if (counted) throw new ResponseInvalid('an empty page of calls where there should be some');
    return false;
  }
  return more || counted || (more === null && total === null && rows.length >= pageSize);
}

function stepFromEdge(position: At<'edge'> | null, { rows }: ListAnswer): Position {
  const places = placesOf(rows);
  const [first] = places;
  const last = places.at(-1) ?? first;
  const toMs = position ? (instantMs(position.to) ?? 0) : Number.POSITIVE_INFINITY;
  if (first.ms > toMs) throw new ResponseInvalid('calls after the date up to which they were asked for');
  if (position && last.ms >= position.belowMs) return tieOf(position.belowMs, toMs, 1);
  return {
    by: 'edge',
    to: formatInstant(last.untilMs),
    belowMs: last.ms,
    given: marksUpTo(rows, last.untilMs),
  };
}

const tieOf = (fromMs: number, toMs: number, pass: number): At<'tie'> => {
  return { by: 'tie', fromMs, toMs, offset: 0, total: null, pass, seen: [] };
};

function stepInTie(position: At<'tie'>, answer: ListAnswer): Position {
  const { fromMs, toMs, offset, total, pass } = position;
  if (pass > mostPasses) throw new ResponseInvalid('the calls of one created_at do not stand still');
  if (total !== null && answer.total !== total) return tieOf(fromMs, toMs, pass + 1);
  const seen = [...new Set([...position.seen, ...marksOf(answer.rows)])];
  const known = { ...position, total: answer.total, seen };
  if (hasMore(position, answer)) {
    if (offset >= largestTie) throw new ResponseInvalid(`more than ${largestTie} calls share one created_at`);
    return { ...known, offset: offset + stepOf(position, answer.rows.length) };
  }
  return seen.length >= (answer.total ?? 0) ? belowTie(fromMs) : { ...known, offset: 0, pass: pass + 1 };
}

/** Postgres keeps microseconds, so the next moment below is one of them earlier. */
function belowTie(fromMs: number): At<'edge'> {
  const to = formatInstant(fromMs - 1).replace('Z', '999Z');
  return { by: 'edge', to, belowMs: fromMs, given: [] };
}

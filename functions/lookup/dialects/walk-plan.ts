import { formatInstant, parseInstant } from '#shared/domain/instant.ts';
import { stampPlace } from '#shared/providers/stamps-of.ts';
import { datedSpan, type IndexRead, undatedSpan } from '#shared/storage/walk-index.ts';
import type { Lookup } from '../lookup.ts';
import type { VisibleConnection } from '../records/visible-connections.ts';

/** Bounds of a stamp as texts of `stampPlace`. */
export type StampBounds = { gt?: string; gte?: string; lt?: string; lte?: string };

/** What a list asks of the two stamps under which a dialect shows conversations (`createdStampOf`, `updatedStampOf`). */
export type Asked = {
  sort: 'created' | 'updated' | 'duration';
  created: StampBounds;
  updated: StampBounds;
  /** whether anything else is asked for that only the record tells */
  filtered: boolean;
};

/** Providers that stamp nothing, so that ours are shown: the start and the write, which are the keys of the indexes. */
const withoutStamps: ReadonlySet<string | undefined> = new Set(['vonage', 'talkdesk']);

/** How far a provider's clock may be ahead of ours: our write never comes before the change that it holds. */
const skewMs = 3_600_000;

/** What must be read of a connection: never less than all that fits, and less than all where an index can say so. */
export function readsFor(asked: Asked, { provider }: VisibleConnection): readonly IndexRead[] {
  const { sort, created, updated, filtered } = asked;
  if (!withoutStamps.has(provider)) {
    const lows = [lowest(created), lowest(updated)].filter((low) => low !== null);
    const from = lows.length === 0 ? null : atLeastYearOne(Math.max(...lows) - skewMs);
    return [{ index: 'byUpdate', span: datedSpan(from, null), carries: 'record' }];
  }
  const byUpdate = sort === 'updated' || isBounded(updated);
  const keysTell = !filtered && (byUpdate ? sort === 'updated' && !isBounded(created) : sort === 'created');
  const carries = keysTell ? 'keys' : 'record';
  if (byUpdate) return [{ index: 'byUpdate', span: datedSpan(lowest(updated), highest(updated)), carries }];
  return [
    { index: 'byStart', span: datedSpan(lowest(created), highest(created)), carries },
    // Without a start it stands where we first saw it, which only the record tells.
    { index: 'byStart', span: undatedSpan, carries: 'record' },
  ];
}

/**
 * Bounds of a list that goes by `updated`: it ends `settleMs` before now, where an index may not have caught up yet, so
 * that who polls with the last stamp seen misses nothing.
 */
export function settledBounds(updated: StampBounds, { now, settleMs }: Pick<Lookup, 'now' | 'settleMs'>): StampBounds {
  const settled = stampPlace(formatInstant(now() - settleMs)) ?? '';
  return { ...updated, lte: updated.lte !== undefined && updated.lte < settled ? updated.lte : settled };
}

/** For rows read by their keys alone: the span is cut to whole milliseconds, the bounds are finer. */
export const keyFitsFor =
  ({ sort, created, updated }: Asked) =>
  (place: string): boolean =>
    fitsBounds(place, sort === 'created' ? created : updated);

export const fitsBounds = (place: string, { gt, gte, lt, lte }: StampBounds): boolean =>
  (gt === undefined || place > gt) &&
  (gte === undefined || place >= gte) &&
  (lt === undefined || place < lt) &&
  (lte === undefined || place <= lte);

export const isBounded = (bounds: StampBounds): boolean => lowest(bounds) !== null || highest(bounds) !== null;

const lowest = ({ gt, gte }: StampBounds): number | null => extreme([gt, gte], Math.max);
const highest = ({ lt, lte }: StampBounds): number | null => extreme([lt, lte], Math.min);

/** Whole milliseconds at or before the bound: the keys of rows within its millisecond belong to the span. */
function extreme(places: readonly (string | undefined)[], choose: (...values: number[]) => number): number | null {
  const ms = places.flatMap((place) => (place === undefined ? [] : (parseInstant(`${place}Z`) ?? [])));
  return ms.length === 0 ? null : choose(...ms);
}

const yearOne = Date.parse('0001-01-01T00:00:00Z');
const atLeastYearOne = (ms: number): number => Math.max(ms, yearOne);

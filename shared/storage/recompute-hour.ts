import { booksOf, gapCount } from '#shared/domain/hour-books.ts';
import { formatInstant } from '#shared/domain/instant.ts';
import type { Store } from './document-client.ts';
import { getIds, noIds, putIds } from './ledger-ids.ts';
import { cutGaps, getHour, type HourPlace, type HourRow, putHour } from './ledger-rows.ts';
import { quarantinedHours, standingsOf } from './standings.ts';

/** Writers that may be faster in a row before something must be wrong. */
const attemptLimit = 10;

/**
 * Computes the books of an hour again by what stands here now: for what erases or expires conversations. It is no reading,
 * and nothing is told of it. False where the hour was never read.
 */
export async function recomputeHour(store: Store, place: HourPlace, now: number): Promise<boolean> {
  for (let attempt = 0; attempt < attemptLimit; attempt++) {
    const row = await getHour(store, place);
    if (!row) return false;
    if (await putHour(store, await computedAgain(store, row, now), row)) return true;
  }
  throw new Error(`lost ${attemptLimit} races for one hour of ${place.connection}`);
}

/**
 * The same once the gaps were asked for: the hour is settled until it is read again. That gaps have closed is told as the
 * next reading. Null where another writer was faster.
 */
export async function closeHour(store: Store, row: HourRow, now: number): Promise<HourRow | null> {
  const again = await computedAgain(store, row, now);
  const reading = gapCount(again) === gapCount(row) ? row.reading : row.reading + 1;
  const closed = { ...again, reading, isOpen: false };
  return (await putHour(store, closed, row)) ? closed : null;
}

async function computedAgain(store: Store, row: HourRow, now: number): Promise<HourRow> {
  const ids = row.ids > 0 ? await getIds(store, row) : noIds;
  const unlisted = ids.unlisted.map(([id]) => id);
  const quarantined = await quarantinedHours(store, row.connection);
  const strays = quarantined.flatMap(({ externalId, hour }) =>
    hour === row.hour && externalId !== null ? [externalId] : [],
  );
  const standings = await standingsOf(store, row, [...ids.listed, ...unlisted, ...strays]);
  const { gaps, ...books } = booksOf(row.hour, { listed: ids.listed, unlisted }, { standings, quarantined });
  const cut = cutGaps(gaps);
  const isGap = new Set(gaps);
  const left = ids.gaps.filter(([id]) => isGap.has(id));
  if (left.length < ids.gaps.length) await putIds(store, row, { ...ids, gaps: left });
  return { ...row, ...books, ...cut, computedAt: formatInstant(Math.max(now, Date.parse(row.computedAt) + 1)) };
}

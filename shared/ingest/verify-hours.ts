import { isDeepStrictEqual } from 'node:util';
import { aroundCreationMs, booksOf, isMissing, type Known, type QuarantinedIn } from '#shared/domain/hour-books.ts';
import { formatInstant } from '#shared/domain/instant.ts';
import { hourMs, hourOf } from '#shared/domain/ledger.ts';
import { getIds, type HourIds, noIds, putIds } from '#shared/storage/ledger-ids.ts';
import { cutGaps, type HourRow, putHour } from '#shared/storage/ledger-rows.ts';
import { indexedStandings, quarantinedHours, standingsOf } from '#shared/storage/standings.ts';
import type { IngestContext } from './context.ts';
import type { Listing } from './verify-listing.ts';
import { withSource, writeSource } from './verify-source.ts';

/** Hours in flight at once. */
const concurrency = 8;

/** An hour with what its listing brought and what the readings before have left. */
type Hour = { hour: number; row: HourRow | null; listed: string[]; before: HourIds };

/** All that is known of the hours of one listing. */
type Found = { listing: Listing; standings: Map<string, Known>; quarantined: readonly QuarantinedIn[] };

/**
 * Writes the books of the hours of a complete listing: each hour its ids, then its row, on top of the row that it was read
 * with. Stopped in between, the hours that have their row are done. Gives the rows; one that another runner was
 * faster with is not among them.
 */
export async function keepBooks(
  context: IngestContext,
  listing: Listing,
  rows: ReadonlyMap<number, HourRow>,
): Promise<HourRow[]> {
  const ids = Map.groupBy(listing.listed.keys(), (id) => hourOf(listing.listed.get(id) ?? 0));
  const hours = await inTurns(listing.hours, async (hour): Promise<Hour> => {
    const row = rows.get(hour) ?? null;
    const before = row && row.ids > 0 ? await getIds(context.store, row) : noIds;
    return { hour, row, before, listed: (ids.get(hour) ?? []).sort() };
  });
  const found = await findAll(context, listing, hours);
  const kept = await inTurns(hours, (hour) => keepHour(context, hour, found));
  return kept.filter((row) => row !== null);
}

/** While no more time than that has passed, what was stored since is read instead: it misses none. */
const recentMs = 4 * hourMs;

/** What stands here: by a time index, which is cheap, and of what that does not show by the ids themselves. */
async function findAll(context: IngestContext, listing: Listing, hours: readonly Hour[]): Promise<Found> {
  const { store, stream, session, connector, now } = context;
  const account = { provider: connector.provider, connection: session.connection.id };
  const { stamp } = stream.ledger;
  const { from, to } = listing.window;
  const quarantined = await quarantinedHours(store, account.connection);
  const span =
    stamp === 'startedAt'
      ? ({ index: 'byStart', from, to: to - 1 } as const)
      : now() - from <= recentMs
        ? ({ index: 'byUpdate', from: from - hourMs, to: now() + hourMs } as const)
        : ({ index: 'byStart', from: from - aroundCreationMs.before, to: to + aroundCreationMs.behind } as const);
  const indexed = await indexedStandings(store, account.connection, { ...span, stamp });
  const isHere = new Set(listing.hours);
  const wanted = [
    ...listing.listed.keys(),
    ...hours.flatMap(({ before }) => [...before.listed, ...before.unlisted.map(([id]) => id)]),
    ...quarantined.flatMap(({ externalId, hour }) => (externalId !== null && isHere.has(hour) ? [externalId] : [])),
  ];
  const open = [...new Set(wanted)].filter((id) => !indexed.has(id));
  const standings = new Map([...indexed, ...(await standingsOf(store, account, open, stamp))]);
  return { listing, standings, quarantined };
}

async function keepHour(context: IngestContext, one: Hour, found: Found): Promise<HourRow | null> {
  const { hour, row, before, listed } = one;
  const { store, session, connector, now } = context;
  const reading = (row?.reading ?? 0) + 1;
  const unlisted = unlistedOf(one, found, reading);
  await settleSources(context, { listed, unlisted, reading }, found);
  const entries = { listed, unlisted: unlisted.map(([id]) => id) };
  const { gaps, ...books } = booksOf(hour, entries, found);
  const cut = cutGaps(gaps);
  const place = { connection: session.connection.id, hour };
  const stampOf = (id: string): string => formatInstant(found.listing.listed.get(id) ?? hour);
  const ids: HourIds = { listed, unlisted, gaps: gaps.map((id) => [id, stampOf(id)]) };
  const isEmpty = listed.length + unlisted.length === 0;
  await context.keepLease();
  if (!isEmpty && !isDeepStrictEqual(ids, before)) await putIds(store, place, ids);
  const next: HourRow = {
    ...place,
    provider: connector.provider,
    reading,
    verifiedAt: formatInstant(found.listing.begunAt),
    computedAt: formatInstant(now()),
    ...books,
    ...cut,
    ids: listed.length + unlisted.length,
    isOpen: gaps.length > 0,
  };
  return (await putHour(store, next, row)) ? next : null;
}

/** What is stored of the hour and was not listed, with the first reading that missed it. */
function unlistedOf({ hour, listed, before }: Hour, { standings }: Found, reading: number): [string, number][] {
  const isListed = new Set(listed);
  const since = new Map(before.unlisted);
  const isOfHour = (known: Known): boolean => known.standing.state === 'stored' && known.hour === hour;
  return [...standings]
    .flatMap(([id, known]) => (isOfHour(known) && !isListed.has(id) ? [id] : []))
    .sort()
    .map((id) => [id, Math.min(since.get(id) ?? reading, reading)]);
}

type Sources = { listed: readonly string[]; unlisted: readonly (readonly [string, number])[]; reading: number };

/** Two complete readings in a row that miss a conversation make it missing at its source; one that lists it, present. */
async function settleSources(
  context: IngestContext,
  { listed, unlisted, reading }: Sources,
  { listing, standings }: Found,
): Promise<void> {
  const settle = async (id: string, isGone: boolean): Promise<void> => {
    const known = standings.get(id);
    if (known?.standing.state !== 'stored' || isMissing(known) === isGone) return;
    const holds = await writeSource(context, id, isGone ? 'missing' : 'present', listing.begunAt);
    standings.set(id, withSource(known, holds));
  };
  for (const id of listed) await settle(id, false);
  for (const [id, since] of unlisted) if (since < reading) await settle(id, true);
}

/** A few at a time, in order. */
async function inTurns<T, R>(items: readonly T[], run: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (let i = 0; i < items.length; i += concurrency)
    results.push(...(await Promise.all(items.slice(i, i + concurrency).map(run))));
  return results;
}

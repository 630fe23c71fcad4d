import type { Window } from '#shared/domain/checkpoint.ts';
import { windowOf } from '#shared/domain/ledger.ts';
import type { IngestContext } from './context.ts';
import { guardChain } from './read-window.ts';

/** A listing of some hours by the ledger's stamp, in its middle or at its end. */
export type Listing = {
  window: Window;
  hours: readonly number[];
  /** our clock before the first page: the books rest on what the provider had then or later */
  begunAt: number;
  cursor: string | null;
  pages: number;
  seen: Set<string>;
  /** the stamp of each id (milliseconds since 1970); a record may come twice */
  listed: Map<string, number>;
  /** records that have no readable id or stamp, and so no hour */
  unreadable: number;
};

export const openListing = (hours: readonly number[], begunAt: number): Listing => ({
  ...{ window: windowOf(hours), hours, begunAt },
  ...{ cursor: null, pages: 0, seen: new Set(), listed: new Map(), unreadable: 0 },
});

/** Reads one page of a listing; whether it was the last. */
export async function readListing({ stream, session }: IngestContext, listing: Listing): Promise<boolean> {
  const { window, cursor, pages, seen } = listing;
  const page = await stream.ledger.fetchPage(session, window, cursor);
  if (page.next !== null) guardChain(page.next, { cursor, pages }, seen);
  for (const { externalId, stamp } of page.listed) {
    const ms = Date.parse(stamp);
    if (ms >= window.from && ms < window.to) listing.listed.set(externalId, ms);
  }
  listing.unreadable += page.unreadable;
  listing.cursor = page.next;
  listing.pages += 1;
  return page.next === null;
}

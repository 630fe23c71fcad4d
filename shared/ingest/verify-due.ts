import { gapCount } from '#shared/domain/hour-books.ts';
import { type DueHour, firstRun, hourMs } from '#shared/domain/ledger.ts';
import { type HourRow, listHours } from '#shared/storage/ledger-rows.ts';
import type { IngestContext } from './context.ts';
import type { TimeLeft } from './time-left.ts';
import { closeGaps } from './verify-gaps.ts';
import { keepBooks } from './verify-hours.ts';
import { type Listing, openListing, readListing } from './verify-listing.ts';

/**
 * What verification has found in a run: hours read, ids that were missing in them, those that asking for them did not
 * bring, records without a place in any.
 */
export type Verified = { hours: number; gaps: number; gapsLeft: number; unreadable: number };

/** How far a lane came: `yielded` where it gave way to those above it. */
export type Turn = 'done' | 'timeUp' | 'yielded';

export type Verification = {
  /** Whether every one of these hours is read and settled by what the table says. */
  isSettled: (hours: readonly DueHour[]) => Promise<boolean>;
  /** Reads those that are not; gives way after `yieldAt`, by our clock. It may be asked again for what is left. */
  settle: (hours: readonly DueHour[], yieldAt: number) => Promise<Turn>;
};

/** Records that one window should hold, more or less: as many as are held in memory, and listed again after a stop. */
const windowRecords = 2_000;
/** A window may be so many times as long as the one before, which tells how many records an hour has. */
const widening = 4;

type Rows = ReadonlyMap<number, HourRow>;

/**
 * Lists hours again and keeps their books. What is done stands in the hours' own rows, so a run that was stopped anywhere
 * goes on with what is left: first with gaps that are told and not asked for yet, then with hours that were not read.
 */
export function openVerification(context: IngestContext, time: TimeLeft, tally: Verified): Verification {
  const { store, session, stream, now } = context;
  const connection = session.connection.id;
  let width = 1;
  let listing: Listing | null = null;

  const rowsOf = async (hours: readonly DueHour[]): Promise<Rows> => {
    const [first, last] = [hours[0], hours.at(-1)];
    if (!first || !last) return new Map();
    const rows = await listHours(store, connection, { from: first.hour, to: last.hour + hourMs }, true);
    return new Map(rows.map((row) => [row.hour, row]));
  };

  /** The hours to be listed next: those of a listing that was left, or the first ones in a row. */
  const nextListing = (unread: readonly number[]): Listing => {
    const isLeft = listing?.hours.every((hour) => unread.includes(hour));
    if (listing && isLeft) return listing;
    const most = Math.max(1, Math.min(width, Math.floor(stream.ledger.maxWindowMs / hourMs)));
    return openListing(firstRun(unread, most), now());
  };

  const keep = async (complete: Listing, rows: Rows): Promise<void> => {
    const kept = await keepBooks(context, complete, rows);
    tally.hours += kept.length;
    tally.gaps += kept.reduce((sum, row) => sum + gapCount(row), 0);
    tally.unreadable += complete.unreadable;
    const perHour = complete.listed.size / complete.hours.length;
    width = Math.max(1, Math.min(complete.hours.length * widening, Math.floor(windowRecords / Math.max(1, perHour))));
  };

  return {
    isSettled: async (hours) => {
      const { open, unread } = leftOf(hours, await rowsOf(hours), now());
      return open.length + unread.length === 0;
    },
    settle: async (hours, yieldAt) => {
      const asOf = now();
      const goOn = (): boolean => time.enough() && now() < yieldAt;
      let rows = await rowsOf(hours);
      for (let steps = 0; ; steps++) {
        const { open, unread } = leftOf(hours, rows, asOf);
        const [first] = open;
        if (!first && unread.length === 0) return 'done';
        // A step at least, however short the turn.
        if (!time.enough()) return 'timeUp';
        if (steps > 0 && !goOn()) return 'yielded';
        if (first) {
          tally.gapsLeft += await closeGaps(context, first, goOn);
        } else {
          listing = nextListing(unread);
          const current = listing;
          await context.keepLease();
          if (!(await time.measure(() => readListing(context, current)))) continue;
          listing = null;
          await keep(current, rows);
        }
        rows = await rowsOf(hours);
      }
    },
  };
}

/** The hours whose gaps are told and have yet to be asked for, and those that have yet to be read, oldest first. */
function leftOf(hours: readonly DueHour[], rows: Rows, now: number): { open: HourRow[]; unread: number[] } {
  const open: HourRow[] = [];
  const unread: number[] = [];
  for (const { hour, dueAt } of hours) {
    const row = rows.get(hour);
    // By a clock behind the one that made it due, what is read now is late enough.
    const isRead = row !== undefined && Date.parse(row.verifiedAt) >= Math.min(dueAt, now);
    if (!isRead) unread.push(hour);
    else if (row.isOpen) open.push(row);
  }
  return { open, unread };
}

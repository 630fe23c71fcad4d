import type { Hint } from '#shared/domain/delivery.ts';
import { ProviderUnavailable } from '#shared/domain/errors.ts';
import { gapCount } from '#shared/domain/hour-books.ts';
import type { Work } from '#shared/domain/raw-answer.ts';
import { getIds } from '#shared/storage/ledger-ids.ts';
import type { HourRow } from '#shared/storage/ledger-rows.ts';
import { closeHour } from '#shared/storage/recompute-hour.ts';
import { standingsOf } from '#shared/storage/standings.ts';
import type { IngestContext } from './context.ts';
import { ingestHints } from './ingest-hint.ts';

/** Askings in a row that may fail before the provider, and not a record, must be at fault. */
const failureLimit = 3;

/**
 * Asks for what an open hour lacks and settles its row: what is there by now is not asked for, so it may be stopped and go
 * on anywhere. Where `goOn` says no, the hour stays open. Gives how many ids did not come once all were asked for.
 */
export async function closeGaps(context: IngestContext, row: HourRow, goOn: () => boolean): Promise<number> {
  const { store, stream, session, connector, now } = context;
  const { gaps } = await getIds(store, row);
  const account = { provider: connector.provider, connection: session.connection.id };
  const here = await standingsOf(
    store,
    account,
    gaps.map(([id]) => id),
  );
  const open = gaps.filter(([id]) => !here.has(id)).map(([externalId, startedAt]): Hint => ({ externalId, startedAt }));
  let failures = 0;
  const { most } = stream.hinted;
  for (let i = 0; i < open.length; i += most) {
    // One asking at least, however short the turn.
    if (i > 0 && !goOn()) return 0;
    await context.keepLease();
    try {
      const hints = open.slice(i, i + most);
      await ingestHints({ ...context, cause: 'recheck', work: workOf(row, hints) }, hints);
      failures = 0;
    } catch (error) {
      // One that the provider fails for stays a gap, and is asked for again after the next reading.
      if (!(error instanceof ProviderUnavailable) || ++failures >= failureLimit) throw error;
    }
  }
  const closed = await closeHour(store, row, now());
  return closed ? gapCount(closed) : 0;
}

/** Named by its ids, since a repeat asks for those alone that are not there by then. */
const workOf = ({ connection, hour, reading, verifiedAt }: HourRow, hints: readonly Hint[]): Work => ({
  key: ['gaps', connection, hour, reading, ...hints.map(({ externalId }) => externalId)],
  at: Date.parse(verifiedAt),
});

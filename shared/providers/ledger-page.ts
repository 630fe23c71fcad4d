import type { Window } from '#shared/domain/checkpoint.ts';
import { RecordInvalid } from '#shared/domain/errors.ts';
import { formatInstant } from '#shared/domain/instant.ts';
import type { Ledger, LedgerPage, Page, Stream } from './connector.ts';
import { instantMs } from './field-values.ts';
import { fieldsOf } from './fields-of.ts';

/** What is read of each record: its name, and the field of the provider that holds its stamp. */
type Reading = { identify: Stream['identify']; field: string };

/** A listed page as one of the ledger: names and stamps alone, those outside the window left out. */
export function ledgerPage({ records, next, servedAt }: Page, window: Window, reading: Reading): LedgerPage {
  const places = records.flatMap((record) => placeOf(record, reading) ?? []);
  const listed = places
    .filter(({ ms }) => ms >= window.from && ms < window.to)
    .map(({ externalId, ms }) => ({ externalId, stamp: formatInstant(ms) }));
  return { listed, unreadable: records.length - places.length, next, servedAt };
}

/** Reads the stamp of a record as it is listed, milliseconds since 1970; null where it has no usable one. */
export const stampIn =
  (field: string): Ledger['stampOf'] =>
  (record) => {
    const stamp = fieldsOf(record)[field];
    return typeof stamp === 'string' ? instantMs(stamp) : null;
  };

function placeOf(record: unknown, { identify, field }: Reading): { externalId: string; ms: number } | null {
  const ms = stampIn(field)(record);
  if (ms === null) return null;
  try {
    return { externalId: identify(record).externalId, ms };
  } catch (error) {
    if (error instanceof RecordInvalid) return null;
    throw error;
  }
}

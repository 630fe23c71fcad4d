import { hourMs, hourOf } from '#shared/domain/ledger.ts';
import { type HourRow, listHours } from '#shared/storage/ledger-rows.ts';
import { minute, type Polling, record } from './polling.ts';
import { epoch } from './records.ts';
import type { Toy, ToyRecord } from './toy-provider.ts';

/** One hour of the toy connection, and the runs that read and verify it. */

export const hour = hourOf(epoch);

/** A record of the hour, so many minutes in it. */
export const inHour = (id: string, minutes: number, more: Partial<ToyRecord> = {}): ToyRecord =>
  record(0, { id, at: hour + minutes * minute, ...more });

export const rowsOf = (polling: Polling, from = hour, to = hour + hourMs): Promise<HourRow[]> =>
  listHours(polling.opened.store, 'toy', { from, to }, true);
export const hourRow = async (polling: Polling): Promise<HourRow | undefined> => (await rowsOf(polling))[0];
export const ledgerAskings = ({ asked }: Toy): string[] => asked.filter((asking) => asking.startsWith('ledger'));

/** The first run, before the hour begins; then one at its end, so that live has passed it. */
export async function readLive(polling: Polling, provider: Toy): Promise<void> {
  await pollAt(polling, provider, hour - minute);
  await pollAt(polling, provider, hour + hourMs + minute);
}

export async function pollAt(polling: Polling, provider: Toy, ms: number) {
  polling.clock = ms;
  return polling.poll(provider);
}

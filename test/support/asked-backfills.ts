import { newOperation, type Operation } from '#shared/domain/operation.ts';
import { getOperation, putOperation } from '#shared/storage/operations.ts';
import { letWait } from '#shared/storage/waiting-operations.ts';
import { type Polling, record } from './polling.ts';
import { epoch } from './records.ts';
import type { ToyRecord } from './toy-provider.ts';

/** Backfills of the toy connection, asked for as the lookup API does. */

const hour = 3_600_000;
export const day = 24 * hour;
const at = (ms: number): string => new Date(ms).toISOString();

/** Asks for the days from so many days before the epoch on. */
export async function askBackfill(polling: Polling, id: string, from: number, days: number): Promise<void> {
  const { store } = polling.opened;
  const request = { connection: 'toy', from: at(epoch - from * day), to: at(epoch - (from - days) * day) };
  await letWait(store, 'toy', { kind: 'backfills', id }, polling.clock);
  await putOperation(store, newOperation('backfills', id, request, polling.clock));
}

export const shownBackfill = (polling: Polling, id: string): Promise<Operation | null> =>
  getOperation(polling.opened.store, { kind: 'backfills', id });

/** A record of `n` hours before the 40 days that are asked for begin or, from 0 on, in them. */
export const old = (n: number): ToyRecord => ({ ...record(n), at: epoch - 40 * day + n * hour });
export const isHistory = (asking: string): boolean => Number(asking.split(' ')[1]) < epoch - day;

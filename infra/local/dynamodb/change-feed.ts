import { type EventEmitter, once } from 'node:events';
import type { RootDb } from './dynalite.ts';
import { prefixes, under } from './rows.ts';
import type { StreamRecord } from './stream-record.ts';

/** A table's changes in the order of their sequence numbers, kept on disk with the items they belong to. */
export type ChangeFeed = {
  /** Entries after a sequence number ('' is the start), in order, at most `limit`. */
  read(table: string, after: string, limit: number): Promise<StreamRecord[]>;
  /** Resolves when there is an entry after `after`, at once on a write, or when the signal aborts. */
  wait(table: string, after: string, signal: AbortSignal): Promise<void>;
  /** Where a consumer stands: the last sequence number it committed, '' before the first. */
  position(consumer: string): Promise<string>;
  commit(consumer: string, sequence: string): Promise<void>;
  /** Drops what all of these consumers have passed; without consumers, what is older than 24 hours. */
  trim(table: string, consumers: readonly string[]): Promise<void>;
};

/** AWS keeps a stream's entries as long as this. Here a consumer that fell behind loses nothing. */
const keptMs = 24 * 60 * 60 * 1000;

export function createChangeFeed(root: RootDb, changes: EventEmitter, now: () => number): ChangeFeed {
  async function read(table: string, after: string, limit: number): Promise<StreamRecord[]> {
    const prefix = prefixes.feed(table);
    const rows = await root.iterator<StreamRecord>({ gt: prefix + after, lt: under(prefix).lt, limit }).all();
    return rows.map(([, record]) => record);
  }

  async function position(consumer: string): Promise<string> {
    return (await root.get<string>(prefixes.positions + consumer)) ?? '';
  }

  async function lastBefore(table: string, beforeMs: number): Promise<string> {
    let last = '';
    for await (const record of root.values<StreamRecord>(under(prefixes.feed(table)))) {
      if (record.dynamodb.ApproximateCreationDateTime * 1000 > beforeMs) break;
      last = record.dynamodb.SequenceNumber;
    }
    return last;
  }

  return {
    read,
    position,
    async wait(table, after, signal) {
      const stop = new AbortController();
      const either = AbortSignal.any([signal, stop.signal]);
      // listens before it looks, so that no write falls between the two
      const written = once(changes, table, { signal: either }).catch(ignoreAbort);
      if ((await read(table, after, 1)).length > 0) stop.abort();
      await written;
    },
    async commit(consumer, sequence) {
      await root.put(prefixes.positions + consumer, sequence);
    },
    async trim(table, consumers) {
      const passed = await Promise.all(consumers.map(position));
      const upTo = passed.length > 0 ? passed.sort()[0] : await lastBefore(table, now() - keptMs);
      if (upTo) await root.clear({ gte: prefixes.feed(table), lte: prefixes.feed(table) + upTo });
    },
  };
}

function ignoreAbort(error: unknown): void {
  if (!(error instanceof Error && error.name === 'AbortError')) throw error;
}

import { Readable } from 'node:stream';
import type { Range, RootDb } from './dynalite.ts';

/** Key prefixes in the root database. The first four are dynalite's own; a table's name cannot hold a `~`. */
export const prefixes = {
  table: 'table~',
  items: (table: string) => `item-${table}~`,
  tags: (table: string) => `tag-${table}~`,
  index: (kind: string, table: string, index: string) => `index-${kind.toLowerCase()}~${table}~${index}~`,
  indexes: (kind: string, table: string) => `index-${kind}~${table}~`,
  feed: (table: string) => `feed-${table}~`,
  expiries: (table: string) => `expiry-${table}~`,
  timeToLive: 'timeToLive~',
  positions: 'position~',
} as const;

/** Where the highest sequence number ever given is kept, as entries may have been trimmed away. */
export const lastSequenceKey = 'feedSequence';

/** Every key under a prefix; the last character sorts behind all that keys are made of. */
export function under(prefix: string): { gte: string; lt: string } {
  return { gte: prefix, lt: `${prefix}\uffff` };
}

/** A range given in keys without the prefix, as a range of the root database. */
export function rangeUnder(prefix: string, range: Range = {}): Range {
  const { gte, gt, lt, lte, ...rest } = range;
  const lower = gt !== undefined ? { gt: prefix + gt } : { gte: prefix + (gte ?? '') };
  const upper = lte !== undefined ? { lte: prefix + lte } : { lt: lt === undefined ? under(prefix).lt : prefix + lt };
  return { ...rest, ...lower, ...upper };
}

/**
 * Streams that end their iterator when they are destroyed or done. dynalite's own never do, so that each query would
 * keep a snapshot of the database alive until the process ends.
 */
export function valueStream(values: AsyncIterable<unknown>): Readable {
  return Readable.from(each(values));
}

export function keyStream(root: RootDb, prefix: string, range: Range | undefined): Readable {
  return Readable.from(withoutPrefix(root.keys(rangeUnder(prefix, range)), prefix.length));
}

async function* each<T>(values: AsyncIterable<T>): AsyncGenerator<T> {
  yield* values;
}

async function* withoutPrefix(keys: AsyncIterable<string>, length: number): AsyncGenerator<string> {
  for await (const key of keys) yield key.slice(length);
}

/** Removes all that belongs to a table but its own record. */
export async function clearTable(root: RootDb, table: string): Promise<void> {
  const kinds = [
    prefixes.items(table),
    prefixes.tags(table),
    prefixes.indexes('local', table),
    prefixes.indexes('global', table),
    prefixes.feed(table),
    prefixes.expiries(table),
  ];
  for (const prefix of kinds) await root.clear(under(prefix));
}

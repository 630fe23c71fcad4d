import type { Database } from './database.ts';
import { type Callback, dynaliteDb, type Item, type RootOperation, type Table } from './dynalite.ts';
import { expiredRange, expiryOf, expiryOperations, isExpired } from './expiry.ts';
import { writeItemChange } from './item-change.ts';
import { prefixes, under } from './rows.ts';

/** Remembers the attribute (null: off) and gives the items that are already there their expiry rows. */
export async function setTimeToLive(database: Database, table: string, attribute: string | null): Promise<void> {
  const { root, timeToLive } = database;
  await root.clear(under(prefixes.expiries(table)));
  if (attribute === null) {
    timeToLive.delete(table);
    await root.batch([{ type: 'del', key: prefixes.timeToLive + table }]);
    return;
  }
  timeToLive.set(table, attribute);
  await root.put(prefixes.timeToLive + table, attribute);
  const prefix = prefixes.items(table);
  for await (const [row, item] of root.iterator<Item>(under(prefix))) {
    const operations: RootOperation[] = expiryOperations(
      table,
      row.slice(prefix.length),
      null,
      expiryOf(item, attribute),
    );
    if (operations.length > 0) await root.batch(operations);
  }
}

/** Deletes every item whose time has passed; the stream's entries say that the service did it. Answers how many. */
export async function sweepExpired(database: Database): Promise<number> {
  let deleted = 0;
  for (const table of database.timeToLive.keys()) {
    for await (const [row, key] of database.root.iterator<string>(expiredRange(table, database.now()))) {
      if (await withLock(database, table, key, () => deleteExpired(database, table, key))) deleted += 1;
      else await database.root.batch([{ type: 'del', key: row }]);
    }
  }
  return deleted;
}

/** False when the item is gone or lives longer by now: its row was left behind by a start in the middle. */
async function deleteExpired(database: Database, tableName: string, key: string): Promise<boolean> {
  const table = await database.root.get<Table>(prefixes.table + tableName);
  const before = await database.root.get<Item>(prefixes.items(tableName) + key);
  const expiry = expiryOf(before ?? null, database.timeToLive.get(tableName));
  if (table === undefined || before === undefined || !isExpired(expiry, database.now())) return false;
  await writeItemChange(database, key, { table, before, after: null, expired: true });
  return true;
}

function withLock<T>(database: Database, table: string, key: string, work: () => Promise<T>): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  const rows = database.store.getItemDb(table);
  rows.lock(key, (release) => {
    const unlock: Callback<void> = release();
    work()
      .then(resolve, reject)
      .finally(() => unlock(null));
  });
  return promise;
}

export function timeToLiveSpecification(data: unknown): { attribute: string; enabled: boolean } {
  const specification = typeof data === 'object' && data !== null ? Object.entries(data) : [];
  const { AttributeName: attribute, Enabled: enabled } = Object.fromEntries(specification);
  if (typeof attribute !== 'string' || attribute === '' || typeof enabled !== 'boolean') {
    throw dynaliteDb.validationError('TimeToLiveSpecification must have an AttributeName and Enabled');
  }
  return { attribute, enabled };
}

import { type CommitQueue, openCommitQueue } from './commit-queue.ts';
import { type DynaliteStore, dynaliteDb, type RootDb, type Table } from './dynalite.ts';
import { clearTable, prefixes, under } from './rows.ts';

export type Database = {
  root: RootDb;
  store: DynaliteStore;
  commits: CommitQueue;
  /** name of each table's time-to-live attribute, where it has one */
  timeToLive: Map<string, string>;
  now(): number;
};

export type DatabaseOptions = { dataDir: string | null; now(): number; committed(table: string): void };

/** Opens the folder (null: in memory) and finishes what a killed process began with a table. */
export async function openDatabase({ dataDir, now, committed }: DatabaseOptions): Promise<Database> {
  const store = dynaliteDb.create({
    ...(dataDir !== null && { path: dataDir }),
    createTableMs: 0,
    deleteTableMs: 0,
    updateTableMs: 0,
  });
  const root = store.db;
  await root.open();
  await settleTables(root);
  const commits = await openCommitQueue(root, committed);
  return { root, store, commits, timeToLive: await readTimeToLive(root), now };
}

/** A table is created, changed and deleted in two steps; after a kill between them only the second is missing. */
async function settleTables(root: RootDb): Promise<void> {
  for await (const [key, table] of root.iterator<Table>(under(prefixes.table))) {
    if (table.TableStatus === 'DELETING') {
      await clearTable(root, table.TableName);
      await root.batch([
        { type: 'del', key },
        { type: 'del', key: prefixes.timeToLive + table.TableName },
      ]);
    } else if (table.TableStatus !== 'ACTIVE') {
      const indexes = table.GlobalSecondaryIndexes?.map((index) => ({ ...index, IndexStatus: 'ACTIVE' }));
      const active = { ...table, TableStatus: 'ACTIVE', ...(indexes && { GlobalSecondaryIndexes: indexes }) };
      await root.put(key, active);
    }
  }
}

async function readTimeToLive(root: RootDb): Promise<Map<string, string>> {
  const rows = await root.iterator<string>(under(prefixes.timeToLive)).all();
  return new Map(rows.map(([key, attribute]) => [key.slice(prefixes.timeToLive.length), attribute]));
}

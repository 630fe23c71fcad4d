import type { Database } from './database.ts';
import { dynaliteDb, type Item, type RootOperation, type Table } from './dynalite.ts';
import { expiryOf, expiryOperations } from './expiry.ts';
import { sameItem } from './item-value.ts';
import { prefixes } from './rows.ts';
import { type ItemChange, streamRecord } from './stream-record.ts';

/**
 * Writes one item's change with its index rows, its expiry row and its stream entry, all or nothing. The caller holds
 * the key's lock and has read `before` under it. A change that changes nothing leaves no entry, as on AWS.
 */
export async function writeItemChange(database: Database, key: string, change: ItemChange): Promise<void> {
  const { table, before, after } = change;
  if (before === null && after === null) return;
  if (before !== null && after !== null && sameItem(before, after)) return;
  const attribute = database.timeToLive.get(table.TableName);
  const expiries = [expiryOf(before, attribute), expiryOf(after, attribute)] as const;
  const atMs = database.now();
  await database.commits.commit({
    table: table.TableName,
    operations: [...itemOperations(table, key, before, after), ...expiryOperations(table.TableName, key, ...expiries)],
    record: (sequence) => streamRecord(change, sequence, atMs, database.store.tableDb.awsRegion),
  });
}

function itemOperations(table: Table, key: string, before: Item | null, after: Item | null): RootOperation[] {
  const row = prefixes.items(table.TableName) + key;
  return [
    after === null ? { type: 'del', key: row } : { type: 'put', key: row, value: after },
    ...indexOperations(table, 'local', table.LocalSecondaryIndexes ?? [], before, after),
    ...indexOperations(table, 'global', table.GlobalSecondaryIndexes ?? [], before, after),
  ];
}

function indexOperations(
  table: Table,
  kind: string,
  indexes: readonly { IndexName: string }[],
  before: Item | null,
  after: Item | null,
): RootOperation[] {
  const { puts, deletes } = dynaliteDb.getIndexActions(indexes, before, after, table);
  const rowKey = (index: string, key: string): string => prefixes.index(kind, table.TableName, index) + key;
  return [
    ...deletes.map((row): RootOperation => ({ type: 'del', key: rowKey(row.index, row.key) })),
    ...puts.map((row): RootOperation => ({ type: 'put', key: rowKey(row.index, row.key), value: row.item })),
  ];
}

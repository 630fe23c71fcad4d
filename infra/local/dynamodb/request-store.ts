import type { Database } from './database.ts';
import {
  type Callback,
  type DynaliteStore,
  dynaliteDb,
  type Item,
  type Range,
  type Rows,
  type Table,
} from './dynalite.ts';
import { writeItemChange } from './item-change.ts';
import { itemSize } from './item-value.ts';
import { keyStream, prefixes, rangeUnder, under, valueStream } from './rows.ts';

/** What one request has read on its way, by key. */
export type RequestState = {
  items: Map<string, Item | null>;
  tables: Map<string, Table>;
  /** called with what an action throws out of a callback, which nobody else would see */
  fail(error: unknown): void;
};

/**
 * The store that dynalite's actions get. They write index rows first and the item last, each by itself; here the
 * index writes do nothing, and the item's write brings item, index rows and stream entry in one batch.
 */
export function requestStore(database: Database, state: RequestState): DynaliteStore {
  const { root, store } = database;
  const clear = (prefix: string, done: Callback<void>): void => answer(root.clear(under(prefix)), done, state);
  return {
    ...store,
    tableDb: {
      ...store.tableDb,
      createKeyStream: (range) => keyStream(root, prefixes.table, range),
    },
    getItemDb: (table) => itemRows(database, table, state),
    getIndexDb: (kind, table, index) => indexRows(database, kind, table, index),
    deleteItemDb: (table, done) => clear(prefixes.items(table), done),
    deleteTagDb: (table, done) => clear(prefixes.tags(table), done),
    deleteIndexDb: (kind, table, index, done) => clear(prefixes.index(kind, table, index), done),
    getTable(name, checkStatus, done) {
      const remember: Callback<Table> = (error, table) => {
        if (table !== undefined) state.tables.set(name, table);
        guarded(() => (typeof checkStatus === 'function' ? checkStatus : done)?.(error, table), state);
      };
      if (typeof checkStatus === 'function') store.getTable(name, remember);
      else store.getTable(name, checkStatus, remember);
    },
  };
}

function itemRows(database: Database, tableName: string, state: RequestState): Rows {
  const { root, store } = database;
  const rows = store.getItemDb(tableName);
  const prefix = prefixes.items(tableName);

  async function read(key: string): Promise<Item | undefined> {
    const item = await root.get<Item>(prefix + key);
    state.items.set(prefix + key, item ?? null);
    return item;
  }

  async function write(key: string, after: Item | null): Promise<void> {
    const table = state.tables.get(tableName);
    const before = state.items.get(prefix + key);
    if (table === undefined || before === undefined) throw new Error('an item is written before it was read');
    if (after !== null) requireStorable(table, after, store.options.maxItemSize);
    await writeItemChange(database, key, { table, before, after, expired: false });
  }

  return {
    ...rows,
    get: (key, done) => answer(read(key), done, state),
    put: (key, item, done) => answer(write(key, item), done, state),
    del: (key, done) => answer(write(key, null), done, state),
    createValueStream: (range) => valueStream(root.values(rangeUnder(prefix, range))),
  };
}

/** Two refusals that dynalite lacks: it counts characters where DynamoDB counts UTF-8, and takes empty index keys. */
function requireStorable(table: Table, item: Item, maxItemSize: number): void {
  if (itemSize(item) > maxItemSize) {
    throw dynaliteDb.validationError('Item size has exceeded the maximum allowed size');
  }
  for (const index of [...(table.LocalSecondaryIndexes ?? []), ...(table.GlobalSecondaryIndexes ?? [])]) {
    const empty = index.KeySchema.find(({ AttributeName: name }) => item[name]?.S === '' || item[name]?.B === '');
    if (empty === undefined) continue;
    throw dynaliteDb.validationError(
      'One or more parameter values are not valid. A value specified for a secondary index key is not supported. ' +
        `The AttributeValue for a key attribute cannot contain an empty value. IndexName: ${index.IndexName}, ` +
        `IndexKey: ${empty.AttributeName}`,
    );
  }
}

function indexRows(database: Database, kind: string, table: string, index: string): Rows {
  const rows = database.store.getIndexDb(kind, table, index);
  const prefix = prefixes.index(kind, table, index);
  return {
    ...rows,
    put: (_key, _item, done) => done(null),
    del: (_key, done) => done(null),
    createValueStream: (range?: Range) => valueStream(database.root.values(rangeUnder(prefix, range))),
  };
}

function answer<T>(work: Promise<T | undefined>, done: Callback<T>, state: RequestState): void {
  work.then(
    (value) => guarded(() => done(null, value), state),
    (error: unknown) => guarded(() => done(error), state),
  );
}

function guarded(step: () => void, state: RequestState): void {
  try {
    step();
  } catch (error) {
    state.fail(error);
  }
}

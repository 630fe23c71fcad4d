import { createRequire } from 'node:module';

/**
 * The only file that reaches into dynalite. Its folders are no public interface, so package.json pins the exact
 * version and a test holds `dynaliteVersion` to it; everything taken from it gets its type here.
 */

/** One attribute value as on the wire: `{"S": "text"}`, `{"N": "1"}`, `{"B": "<base64>"}` and so on. */
export type AttributeValue = {
  S?: string;
  N?: string;
  B?: string;
  BOOL?: boolean;
  NULL?: boolean;
  SS?: string[];
  NS?: string[];
  BS?: string[];
  L?: AttributeValue[];
  M?: Item;
};
export type Item = { [attribute: string]: AttributeValue };

export type Callback<T> = (error: unknown, value?: T) => void;
export type Range = { gt?: string; gte?: string; lt?: string; lte?: string; reverse?: boolean; limit?: number };

/** Rows of one kind. A row's key in the root database is the kind's prefix and the key given here. */
export type Rows = {
  lock(key: string, locked: (release: <T>(done?: Callback<T>) => Callback<T>) => void): void;
  get(key: string, done: Callback<Item>): void;
  put(key: string, item: Item, done: Callback<void>): void;
  del(key: string, done: Callback<void>): void;
  createKeyStream(range?: Range): NodeJS.ReadableStream;
  createValueStream(range?: Range): NodeJS.ReadableStream;
};

export type RootOperation = { type: 'put'; key: string; value: unknown } | { type: 'del'; key: string };

/** The one LevelDB underneath (JSON values, string keys). One batch is atomic. A missing key reads as undefined. */
export type RootDb = {
  open(): Promise<void>;
  get<T>(key: string): Promise<T | undefined>;
  put(key: string, value: unknown): Promise<void>;
  batch(operations: readonly RootOperation[]): Promise<void>;
  clear(range: Range): Promise<void>;
  iterator<T>(range: Range): AsyncIterable<[string, T]> & { all(): Promise<[string, T][]> };
  keys(range: Range): AsyncIterable<string>;
  values<T>(range: Range): AsyncIterable<T>;
  close(): Promise<void>;
};

type KeySchema = { AttributeName: string }[];

export type Table = {
  TableName: string;
  TableStatus: string;
  KeySchema: KeySchema;
  GlobalSecondaryIndexes?: { IndexName: string; KeySchema: KeySchema; IndexStatus?: string }[];
  LocalSecondaryIndexes?: { IndexName: string; KeySchema: KeySchema }[];
  StreamSpecification?: { StreamEnabled: boolean; StreamViewType: string };
  LatestStreamArn?: string;
};

export type DynaliteStore = {
  options: { maxItemSize: number };
  db: RootDb;
  tableDb: Rows & { awsAccountId: string; awsRegion: string };
  getItemDb(table: string): Rows;
  getIndexDb(kind: string, table: string, index: string): Rows;
  deleteItemDb(table: string, done: Callback<void>): void;
  deleteTagDb(table: string, done: Callback<void>): void;
  deleteIndexDb(kind: string, table: string, index: string, done: Callback<void>): void;
  getTable(name: string, checkStatus: boolean | Callback<Table>, done?: Callback<Table>): void;
};

type StoreOptions = { path?: string; createTableMs: number; deleteTableMs: number; updateTableMs: number };
type IndexRows = { puts: { index: string; key: string; item: Item }[]; deletes: { index: string; key: string }[] };
type IndexDefinitions = readonly { IndexName: string }[];

type Db = {
  create(options: StoreOptions): DynaliteStore;
  createKey(item: Item, table: Table): string;
  getIndexActions(indexes: IndexDefinitions, before: Item | null, after: Item | null, table: Table): IndexRows;
  validationError(message: string): Error;
};

type Validations = {
  checkTypes(data: object, types: object): Record<string, unknown>;
  /** throws an error with `statusCode` and `body` */
  checkValidations(data: object, types: object, custom: unknown, store: DynaliteStore): void;
};

const load = createRequire(import.meta.url);

export const dynaliteVersion: string = load('dynalite/package.json').version;
export const dynaliteDb: Db = load('dynalite/db');
export const validations: Validations = load('dynalite/validations');

export type Operation = {
  types: object;
  custom: unknown;
  run(store: DynaliteStore, data: object, done: Callback<object>): void;
};

/** One operation by its file name, such as `putItem`. */
export function loadOperation(fileName: string): Operation {
  const { types, custom } = load(`dynalite/validations/${fileName}`);
  return { types, custom, run: load(`dynalite/actions/${fileName}`) };
}

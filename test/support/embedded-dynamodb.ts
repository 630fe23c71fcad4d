import { EventEmitter } from 'node:events';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { type ChangeFeed, createChangeFeed } from '#infra/local/dynamodb/change-feed.ts';
import { openCommitQueue } from '#infra/local/dynamodb/commit-queue.ts';
import { type Database, openDatabase } from '#infra/local/dynamodb/database.ts';
import { directClient } from './direct-dynamodb.ts';

/** The embedded DynamoDB in memory, asked without a network in between: for tests of very many small tables. */
export type EmbeddedDynamodb = {
  /** a client of its own, which tries each call once: no retry hides a fault */
  client: () => DynamoDBClient;
  feed: ChangeFeed;
  /** everything in it, its streams too, for `openEmbedded` */
  copy: () => Promise<DatabaseCopy>;
};

/** What lies in a database, to begin another one with. */
export type DatabaseCopy = {
  rows: readonly (readonly [key: string, value: unknown])[];
  timeToLive: Database['timeToLive'];
};

const nothing: DatabaseCopy = { rows: [], timeToLive: new Map() };

/** Opens one, empty or as another one was. It ends with the last reference to it. */
export async function openEmbedded({ rows, timeToLive }: DatabaseCopy = nothing): Promise<EmbeddedDynamodb> {
  const changes = new EventEmitter().setMaxListeners(0);
  const committed = (table: string): void => void changes.emit(table);
  const empty = await openDatabase({ dataDir: null, now: Date.now, committed });
  const { root } = empty;
  await root.batch(rows.map(([key, value]) => ({ type: 'put', key, value })));
  // Numbers of changes go on where they were.
  const commits = await openCommitQueue(root, committed);
  const database: Database = { ...empty, commits, timeToLive: new Map(timeToLive) };
  return {
    client: () => directClient(database),
    feed: createChangeFeed(root, changes, Date.now),
    copy: async () => ({
      rows: await root.iterator<unknown>({}).all(),
      timeToLive: new Map(database.timeToLive),
    }),
  };
}

import { EventEmitter } from 'node:events';
import type { Access } from '../access/access.ts';
import { type ChangeFeed, createChangeFeed } from './change-feed.ts';
import { openDatabase } from './database.ts';
import { startDynamodbServer } from './server.ts';
import { sweepExpired } from './time-to-live.ts';

/** AWS deletes an expired item within days; here within seconds. */
const sweepEveryMs = 5000;

export type DynamodbOptions = {
  /** folder of the database, or null for one in memory */
  dataDir: string | null;
  /** epoch milliseconds: stamps the stream's entries and decides what has expired */
  now?: () => number;
  /** who may do what; everybody everything where absent */
  access?: Access | undefined;
};

export type DynamodbEndpoint = {
  url: string;
  feed: ChangeFeed;
  /** Deletes what has expired now, without waiting for the next round; answers how many items. */
  sweepExpired(): Promise<number>;
  close(): Promise<void>;
};

/**
 * An embedded DynamoDB on 127.0.0.1 that keeps its tables in one LevelDB. A killed process loses nothing that was
 * acknowledged: an item, its index rows and its stream entry are one atomic write.
 */
export async function startDynamodb({ dataDir, access, now = Date.now }: DynamodbOptions): Promise<DynamodbEndpoint> {
  const changes = new EventEmitter().setMaxListeners(0);
  const database = await openDatabase({ dataDir, now, committed: (table) => changes.emit(table) });
  const server = await startDynamodbServer(database, access);
  const rounds = sweepInRounds(() => sweepExpired(database));
  return {
    url: server.url,
    feed: createChangeFeed(database.root, changes, now),
    sweepExpired: () => sweepExpired(database),
    async close() {
      await rounds.stop();
      await server.close();
      await database.root.close();
    },
  };
}

function sweepInRounds(sweep: () => Promise<number>): { stop(): Promise<void> } {
  let round: Promise<unknown> = Promise.resolve();
  const timer = setInterval(() => {
    round = round.then(sweep).catch((error: unknown) => console.error('embedded DynamoDB: expiry', error));
  }, sweepEveryMs);
  timer.unref();
  return {
    async stop() {
      clearInterval(timer);
      await round;
    },
  };
}

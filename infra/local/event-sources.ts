import type { Clients } from './clients.ts';
import type { ChangeFeed } from './dynamodb/change-feed.ts';
import { compilePattern } from './events/event-pattern.ts';
import { putFailedBatch } from './lambda/dead-letter.ts';
import type { LocalFunction } from './lambda/function-pool.ts';
import { startQueueConsumer } from './lambda/queue-source.ts';
import { consumerName, startStreamConsumer } from './lambda/stream-source.ts';
import type { Description } from './template/description.ts';

export type EventSourceOptions = {
  description: Description;
  clients: Clients;
  feed: ChangeFeed;
  queueUrl: (name: string) => string;
  /** the function of this name */
  get: (name: string) => LocalFunction;
  say: (line: string) => void;
};

/** How often entries that every consumer has passed are dropped from the feeds (milliseconds). */
const trimEveryMs = 30_000;

/** Starts what reads streams and queues for the functions, as whom it reads. */
export function openEventSources({ description, clients, feed, queueUrl, get, say }: EventSourceOptions): {
  stop: () => Promise<void>;
} {
  const streams = description.streamSources.map((source) =>
    startStreamConsumer(source, {
      feed,
      target: get(source.function),
      fits: fitsOne(source.filters),
      deadLetter: (batch) => putFailedBatch(clients.actAs(source.function).s3, batch, new Date()),
      warn: say,
    }),
  );
  const queues = description.queueSources.map((source) =>
    startQueueConsumer(source, {
      sqs: clients.actAs(source.function).sqs,
      queueUrl: queueUrl(source.queue),
      target: get(source.function),
      fits: fitsOne(source.filters),
      warn: say,
    }),
  );
  const trimming = setInterval(() => void trim(description, feed).catch(() => undefined), trimEveryMs);
  return {
    stop: async () => {
      clearInterval(trimming);
      await Promise.all([...streams, ...queues].map((consumer) => consumer.stop()));
    },
  };
}

async function trim({ tables, streamSources }: Description, feed: ChangeFeed): Promise<void> {
  for (const { name } of tables) {
    await feed.trim(name, streamSources.filter(({ table }) => table === name).map(consumerName));
  }
}

/** Whether one of the patterns fits; without patterns everything does. */
function fitsOne(filters: readonly string[]): (record: object) => boolean {
  const patterns = filters.map(compilePattern);
  return (record) => patterns.length === 0 || patterns.some((fits) => fits(record));
}

import { setTimeout as delay } from 'node:timers/promises';
import type { ChangeFeed } from '#infra/local/dynamodb/change-feed.ts';
import type { StreamRecord } from '#infra/local/dynamodb/stream-record.ts';
import type { StreamSource } from '#infra/local/template/description.ts';
import { readFailures } from './batch-answer.ts';
import type { FailedBatch } from './dead-letter.ts';
import type { LocalFunction } from './function-pool.ts';
import { type BatchResult, type BatchSteps, processBatch } from './stream-batch.ts';

export type StreamConsumerOptions = {
  feed: ChangeFeed;
  target: LocalFunction;
  /** whether a record fits one of the source's patterns */
  fits: (record: StreamRecord) => boolean;
  /** keeps a batch that failed for good; called again until it succeeds */
  deadLetter: (batch: FailedBatch) => Promise<void>;
  /** one line about what went wrong */
  warn: (line: string) => void;
  /** first pause after a failure; it doubles up to a hundred times that */
  pauseMs?: number;
};

export type Consumer = { stop: () => Promise<void> };

export const consumerName = (source: StreamSource): string => `${source.table}/${source.name}`;

/** Reads a table's changes in order and hands them to the function, each at least once, from where it last stood. */
export function startStreamConsumer(source: StreamSource, options: StreamConsumerOptions): Consumer {
  const stopping = new AbortController();
  const finished = consume(source, options, stopping.signal);
  return {
    stop: () => {
      stopping.abort();
      return finished;
    },
  };
}

async function consume(source: StreamSource, options: StreamConsumerOptions, signal: AbortSignal): Promise<void> {
  const { feed, fits } = options;
  const consumer = consumerName(source);
  const steps = stepsOf(source, options, signal);
  let position = await feed.position(consumer);
  while (!signal.aborted) {
    const records = await feed.read(source.table, position, source.batchSize);
    const last = records.at(-1);
    if (!last) {
      await feed.wait(source.table, position, signal);
      if (source.windowMs > 0 && !signal.aborted) await pause(source.windowMs, signal);
      continue;
    }
    if (!(await processBatch(records.filter(fits), source, steps))) return;
    position = last.dynamodb.SequenceNumber;
    await feed.commit(consumer, position);
  }
}

function stepsOf(source: StreamSource, options: StreamConsumerOptions, signal: AbortSignal): BatchSteps {
  const { feed, target, deadLetter, warn, pauseMs = 100 } = options;
  return {
    invoke: async (records) => {
      const sequences = records.map(({ dynamodb }) => dynamodb.SequenceNumber);
      const { failed, reason } = readFailures(
        await target.invoke({ Records: records }),
        source.reportsFailures,
        sequences,
      );
      return resultOf(sequences, failed, reason);
    },
    advance: (record) => feed.commit(consumerName(source), record.dynamodb.SequenceNumber),
    giveUp: async (records, attempts, failure) => {
      warn(
        `${target.definition.name} failed ${attempts} times (${failure}): ${records.length} stream record(s) ${source.failureBucket ? 'put aside' : 'dropped'}`,
      );
      if (source.failureBucket === null) return;
      const batch = { bucket: source.failureBucket, source, functionName: target.definition.name, records, attempts };
      for (let attempt = 1; ; attempt++) {
        try {
          return await deadLetter(batch);
        } catch (error) {
          warn(`a failed batch could not be put aside: ${error instanceof Error ? error.name : 'unknown error'}`);
          await delay(backoff(attempt, pauseMs));
        }
      }
    },
    pause: (attempt) => pause(backoff(attempt, pauseMs), signal),
    stopping: () => signal.aborted,
  };
}

function resultOf(sequences: readonly string[], failed: readonly string[] | null, reason: string): BatchResult {
  if (failed === null) return { done: 0, failure: reason };
  if (failed.length === 0) return { done: sequences.length, failure: null };
  return { done: sequences.findIndex((sequence) => failed.includes(sequence)), failure: reason };
}

const backoff = (attempt: number, firstMs: number): number => Math.min(firstMs * 2 ** (attempt - 1), firstMs * 100);

/** False when the signal came first. */
const pause = (ms: number, signal: AbortSignal): Promise<boolean> =>
  delay(ms, undefined, { signal }).then(
    () => !signal.aborted,
    () => false,
  );

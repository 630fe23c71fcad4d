import type { DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda';
import * as z from 'zod';
import { env } from '#shared/facts/env.ts';
import { aboutBatch, failedRecord } from '#shared/publish/about-batch.ts';
import { publishBatch } from '#shared/publish/publish-batch.ts';
import { openBus } from '#shared/publish/put-events.ts';
import { requireEnv } from '#shared/runtime/env.ts';
import { workHandler } from '#shared/runtime/handlers.ts';
import { logError } from '#shared/runtime/log.ts';
import { openJobQueue } from '#shared/storage/job-queue.ts';
import { openBucket } from '#shared/storage/open-bucket.ts';

const addresses = z.record(z.string(), z.string()).parse(JSON.parse(requireEnv(env.mediaQueues)));
const outlets = {
  bus: openBus(requireEnv(env.bus)),
  log: openBucket(),
  operations: openJobQueue(requireEnv(env.operationsQueue)),
  queues: new Map(Object.entries(addresses).map(([provider, url]) => [provider, openJobQueue(url)])),
};

/** A batch of the table's stream, which is the outbox. */
export const handler = workHandler(
  async ({ Records }: DynamoDBStreamEvent): Promise<DynamoDBBatchResponse> => {
    const answer = await publishBatch(outlets, Records);
    const failed = failedRecord(Records, answer);
    if (failed)
      logError('failed', { ...aboutBatch([failed]), code: 'Refused', reason: 'the bus or a queue refused it' });
    return answer;
  },
  ({ Records }) => aboutBatch(Records),
);

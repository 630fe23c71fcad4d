import type { DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda';
import * as z from 'zod';
import { env } from '#shared/facts/env.ts';
import { publishBatch } from '#shared/publish/publish-batch.ts';
import { openBus } from '#shared/publish/put-events.ts';
import { requireEnv } from '#shared/runtime/env.ts';
import { workHandler } from '#shared/runtime/handlers.ts';
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
  (event: DynamoDBStreamEvent): Promise<DynamoDBBatchResponse> => publishBatch(outlets, event.Records),
);

import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import type { DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda';
import * as z from 'zod';
import { env } from '#shared/facts/env.ts';
import { requireEnv } from '#shared/runtime/env.ts';
import { workHandler } from '#shared/runtime/handlers.ts';
import { openMediaQueue } from '#shared/storage/media-queue.ts';
import { publishBatch } from './publish-batch.ts';

const addresses = z.record(z.string(), z.string()).parse(JSON.parse(requireEnv(env.mediaQueues)));
const outlets = {
  bus: { client: new EventBridgeClient({}), name: requireEnv(env.bus) },
  queues: new Map(Object.entries(addresses).map(([provider, url]) => [provider, openMediaQueue(url)])),
};

/** A batch of the table's stream, which is the outbox. */
export const handler = workHandler(
  (event: DynamoDBStreamEvent): Promise<DynamoDBBatchResponse> => publishBatch(outlets, event.Records),
);

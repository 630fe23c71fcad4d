import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import type { DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda';
import { env } from '#shared/facts/env.ts';
import { requireEnv } from '#shared/runtime/env.ts';
import { workHandler } from '#shared/runtime/handlers.ts';
import { publishBatch } from './publish-batch.ts';

const bus = { client: new EventBridgeClient({}), name: requireEnv(env.bus) };

/** A batch of the table's stream, which is the outbox. */
export const handler = workHandler(
  (event: DynamoDBStreamEvent): Promise<DynamoDBBatchResponse> => publishBatch(bus, event.Records),
);

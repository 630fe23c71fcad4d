import type { DynamoDBStreamEvent } from 'aws-lambda';
import { aboutBatch } from '#shared/publish/about-batch.ts';
import { indexBatch } from '#shared/publish/index-batch.ts';
import { workHandler } from '#shared/runtime/handlers.ts';
import { openTable } from '#shared/storage/document-client.ts';

const store = openTable();

/** A batch of the table's stream: what conversations are found under by participant. */
export const handler = workHandler(
  ({ Records }: DynamoDBStreamEvent): Promise<void> => indexBatch(store, Records, Date.now()),
  ({ Records }) => aboutBatch(Records),
);

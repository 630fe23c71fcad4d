import { DeleteObjectCommand, GetObjectCommand, PutObjectCommand, paginateListObjectsV2 } from '@aws-sdk/client-s3';
import type { DynamoDBRecord } from 'aws-lambda';
import * as z from 'zod';
import { type Bucket, isRefusal } from './media-objects.ts';

/**
 * Batches of the table's stream that one of its readers has failed for good, as Lambda keeps them in the bucket of the
 * dead letters (Lambda Developer Guide, "Retaining discarded batches for a DynamoDB event source").
 */
export const failedBatchesPrefix = 'aws/lambda/';

export type FailedBatch = {
  /** ARN of the function that failed it, without a version */
  reader: string;
  records: DynamoDBRecord[];
};

/** The names of all failed batches behind `after`, of both readers, the oldest of each reader first. */
export async function* listFailedBatches({ objects, bucket }: Bucket, after: string | null): AsyncIterable<string> {
  const client = 'client' in objects ? await objects.client() : objects;
  const input = { Bucket: bucket, Prefix: failedBatchesPrefix, ...(after !== null && { StartAfter: after }) };
  for await (const { Contents: found = [] } of paginateListObjectsV2({ client }, input)) {
    for (const { Key: key } of found) if (key !== undefined) yield key;
  }
}

const recordSchema = z.custom<DynamoDBRecord>((value) => typeof value === 'object' && value !== null);
const objectSchema = z.object({
  requestContext: z.object({ functionArn: z.string() }),
  payload: z.string().transform((text): unknown => JSON.parse(text)),
});
const payloadSchema = z.object({ Records: z.array(recordSchema) });

/** What a failed batch holds; null where it is gone. Throws where it is none. */
export async function readFailedBatch({ objects, bucket }: Bucket, key: string): Promise<FailedBatch | null> {
  try {
    const { Body: body } = await objects.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    const { requestContext, payload } = objectSchema.parse(JSON.parse((await body?.transformToString()) ?? ''));
    const reader = requestContext.functionArn.split(':').slice(0, arnParts).join(':');
    return { reader, records: payloadSchema.parse(payload).Records };
  } catch (error) {
    if (isRefusal(error, 'NoSuchKey', 'AccessDenied')) return null;
    throw error;
  }
}

/** Of a function's ARN; a version or an alias stands behind them. */
const arnParts = 7;

/** Removes a batch whose work is done; it may be gone already. */
export async function removeFailedBatch({ objects, bucket }: Bucket, key: string): Promise<void> {
  await objects.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }));
}

/**
 * Rewrites a batch with what `keep` makes of each of its records, null for one that goes; without any it goes as a whole.
 * Gives how many records were changed or went. `keep` gives back the record itself where it stays as it is.
 */
export async function rewriteFailedBatch(
  { objects, bucket }: Bucket,
  key: string,
  keep: (record: DynamoDBRecord) => DynamoDBRecord | null,
): Promise<number> {
  const batch = await readFailedBatch({ objects, bucket }, key);
  if (!batch) return 0;
  const kept = batch.records.map(keep);
  const touched = kept.filter((record, i) => record !== batch.records[i]).length;
  if (touched === 0) return 0;
  const rest = kept.filter((record) => record !== null);
  if (rest.length === 0) {
    await removeFailedBatch({ objects, bucket }, key);
    return touched;
  }
  const { Body: body } = await objects.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
  const whole: Record<string, unknown> = JSON.parse((await body?.transformToString()) ?? '');
  const text = JSON.stringify({ ...whole, payload: JSON.stringify({ Records: rest }) });
  await objects.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: text }));
  return touched;
}

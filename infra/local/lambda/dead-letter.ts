import { randomUUID } from 'node:crypto';
import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { StreamRecord } from '#infra/local/dynamodb/stream-record.ts';
import { functionArn } from '#infra/local/template/arns.ts';
import type { StreamSource } from '#infra/local/template/description.ts';

export type FailedBatch = {
  bucket: string;
  source: StreamSource;
  functionName: string;
  records: readonly StreamRecord[];
  attempts: number;
};

const shard = 'shardId-00000000000000000000-00000000';

/** Keeps a failed batch with its full records, under the key and in the shape that Lambda uses. */
export async function putFailedBatch(s3: S3Client, batch: FailedBatch, at: Date): Promise<void> {
  const stamp = at.toISOString().slice(0, 19).replaceAll(':', '.');
  await s3.send(
    new PutObjectCommand({
      Bucket: batch.bucket,
      Key: `aws/lambda/${batch.source.name}/${shard}/${stamp}-${randomUUID()}`,
      Body: JSON.stringify(failureRecord(batch, at)),
      ContentType: 'application/json',
    }),
  );
}

function failureRecord({ functionName, records, attempts }: FailedBatch, at: Date): unknown {
  const [first, last] = [records[0], records.at(-1)];
  return {
    requestContext: {
      requestId: randomUUID(),
      functionArn: functionArn(functionName),
      condition: 'RetryAttemptsExhausted',
      approximateInvokeCount: attempts,
    },
    responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
    version: '1.0',
    timestamp: at.toISOString(),
    DDBStreamBatchInfo: {
      shardId: shard,
      startSequenceNumber: first?.dynamodb.SequenceNumber,
      endSequenceNumber: last?.dynamodb.SequenceNumber,
      approximateArrivalOfFirstRecord: arrival(first),
      approximateArrivalOfLastRecord: arrival(last),
      batchSize: records.length,
      streamArn: first?.eventSourceARN,
    },
    payload: JSON.stringify({ Records: records }),
  };
}

const arrival = (record: StreamRecord | undefined): string | undefined =>
  record && new Date(record.dynamodb.ApproximateCreationDateTime * 1000).toISOString();

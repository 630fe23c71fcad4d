import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateBucketCommand, GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { expect, test } from 'vitest';
import type { StreamRecord } from '#infra/local/dynamodb/stream-record.ts';
import { putFailedBatch } from '#infra/local/lambda/dead-letter.ts';
import { localCredentials } from '#infra/local/local-credentials.ts';
import { startS3 } from '#infra/local/s3/start-s3.ts';

const source = {
  name: 'mapping',
  function: 'f',
  table: 'tab',
  batchSize: 1,
  windowMs: 0,
  filters: [],
  reportsFailures: true,
  bisect: true,
  retries: 1,
  failureBucket: 'dead',
};

test('a failed batch is kept with its full records, where and as Lambda keeps it', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'earshot-dead-'));
  const server = await startS3({ dataDir, credentials: localCredentials });
  const s3 = new S3Client({
    endpoint: server.url,
    region: 'us-east-1',
    credentials: localCredentials,
    forcePathStyle: true,
  });
  await s3.send(new CreateBucketCommand({ Bucket: 'dead' }));
  const record = {
    eventSourceARN: 'arn:stream',
    dynamodb: { SequenceNumber: '7', ApproximateCreationDateTime: 1_770_000_000, NewImage: { pk: { S: 'x' } } },
  } as unknown as StreamRecord; // what the batch's summary reads, and an image

  const at = new Date('2026-03-02T09:14:07.123Z');
  await putFailedBatch(s3, { bucket: 'dead', source, functionName: 'f', records: [record], attempts: 2 }, at);

  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: 'dead' }));
  const key = Contents[0]?.Key ?? '';
  expect(key).toMatch(/^aws\/lambda\/mapping\/shardId-[\d-]+\/2026-03-02T09\.14\.07-[0-9a-f-]{36}$/);
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: 'dead', Key: key }));
  const kept = JSON.parse((await Body?.transformToString()) ?? '');
  expect(kept).toMatchObject({
    requestContext: { condition: 'RetryAttemptsExhausted', approximateInvokeCount: 2 },
    DDBStreamBatchInfo: { startSequenceNumber: '7', endSequenceNumber: '7', batchSize: 1, streamArn: 'arn:stream' },
  });
  expect(JSON.parse(kept.payload)).toEqual({ Records: [record] });

  s3.destroy();
  await server.close();
  rmSync(dataDir, { recursive: true });
});

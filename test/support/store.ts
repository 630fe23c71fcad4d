import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { startS3 } from '#infra/local/s3/start-s3.ts';
import { documentsOver, type Store } from '#shared/storage/document-client.ts';
import { type TestDynamodb, testDynamodb } from './dynamodb.ts';

export type TestStore = {
  store: Store;
  dynamodb: TestDynamodb;
  /** a store over the same data with clients of its own, for a second runner */
  another: () => Store;
  close: () => Promise<void>;
};

/** A fresh table and an empty bucket on the embedded endpoints. */
export async function testStore(): Promise<TestStore> {
  const dataDir = await mkdtemp(join(tmpdir(), 'earshot-test-'));
  const [dynamodb, s3] = await Promise.all([testDynamodb(), startS3({ dataDir, credentials })]);
  const objects = () =>
    new S3Client({ endpoint: s3.url, region: 'us-east-1', forcePathStyle: true, maxAttempts: 1, credentials });
  const bucket = 'earshot-test';
  const store: Store = { documents: documentsOver(dynamodb.client), table: dynamodb.table, objects: objects(), bucket };
  await store.objects.send(new CreateBucketCommand({ Bucket: bucket }));
  return {
    store,
    dynamodb,
    another: () => ({ ...store, documents: documentsOver(dynamodb.another()), objects: objects() }),
    close: async () => {
      await Promise.all([dynamodb.close(), s3.close()]);
      await rm(dataDir, { recursive: true });
    },
  };
}

const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };

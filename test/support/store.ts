import { CreateBucketCommand } from '@aws-sdk/client-s3';
import { documentsOver, type Store } from '#shared/storage/document-client.ts';
import { type TestDynamodb, testDynamodb } from './dynamodb.ts';
import { type EmbeddedS3, openEmbeddedS3 } from './embedded-s3.ts';

export type TestStore = {
  store: Store;
  dynamodb: TestDynamodb;
  /** a store over the same data with clients of its own, for a second runner */
  another: () => Store;
  /** what an HTTP client gets at a presigned link */
  visit: EmbeddedS3['visit'];
  close: () => Promise<void>;
};

/** A fresh table and an empty bucket of the embedded services. */
export async function testStore(): Promise<TestStore> {
  const [dynamodb, s3] = await Promise.all([testDynamodb(), openEmbeddedS3()]);
  const bucket = 'earshot-test';
  const store: Store = {
    documents: documentsOver(dynamodb.client),
    table: dynamodb.table,
    objects: s3.client(),
    bucket,
  };
  await store.objects.send(new CreateBucketCommand({ Bucket: bucket }));
  return {
    store,
    dynamodb,
    another: () => ({ ...store, documents: documentsOver(dynamodb.another()), objects: s3.client() }),
    visit: s3.visit,
    close: async () => {
      await Promise.all([dynamodb.close(), s3.close()]);
    },
  };
}

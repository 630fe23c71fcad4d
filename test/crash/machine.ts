import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { type DynamodbEndpoint, startDynamodb } from '#infra/local/dynamodb/endpoint.ts';
import { startS3 } from '#infra/local/s3/start-s3.ts';
import { documentsOver, type Store } from '#shared/storage/document-client.ts';
import { testDynamodbClient } from '#test/support/dynamodb.ts';
import { createEarshotTable } from '#test/support/table.ts';
import { gated } from './clients.ts';

/** The embedded endpoints, shared by all cases of a test file. */
export type Machine = {
  dynamodb: DynamodbEndpoint;
  /** an empty table and bucket, through the gates and past them */
  openStores: () => Promise<{ store: Store; plain: Store }>;
  close: () => Promise<void>;
};

const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };

export async function startMachine(): Promise<Machine> {
  const dataDir = await mkdtemp(join(tmpdir(), 'earshot-crash-'));
  const [dynamodb, s3] = await Promise.all([startDynamodb({ dataDir: null }), startS3({ dataDir, credentials })]);
  const objects = () =>
    new S3Client({ endpoint: s3.url, region: 'us-east-1', forcePathStyle: true, maxAttempts: 1, credentials });
  const storeOver = (through: <T extends S3Client | ReturnType<typeof testDynamodbClient>>(client: T) => T) => ({
    documents: documentsOver(through(testDynamodbClient(dynamodb.url))),
    objects: through(objects()),
  });
  const [store, plain] = [storeOver(gated), storeOver((client) => client)];
  const tables = testDynamodbClient(dynamodb.url);
  let cases = 0;
  return {
    dynamodb,
    openStores: async () => {
      cases += 1;
      const names = { table: `crash-${cases}`, bucket: `crash-${cases}` };
      await createEarshotTable(tables, names.table);
      await plain.objects.send(new CreateBucketCommand({ Bucket: names.bucket }));
      return { store: { ...store, ...names }, plain: { ...plain, ...names } };
    },
    close: async () => {
      await Promise.all([dynamodb.close(), s3.close()]);
      await rm(dataDir, { recursive: true });
    },
  };
}

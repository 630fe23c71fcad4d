import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { env } from '#shared/facts/env.ts';
import { findEnv, requireEnv } from '#shared/runtime/env.ts';

/** Where data rests: the table and the bucket. Every storage function takes it, so that runners can stand side by side. */
export type Store = {
  documents: DynamoDBDocumentClient;
  table: string;
  objects: S3Client;
  bucket: string;
};

/** The store that the function's environment names. Made once, when the function starts. */
export function openStore(): Store {
  return {
    ...openTable(),
    // A custom endpoint (one machine) has no host name per bucket.
    objects: new S3Client({ forcePathStyle: findEnv('AWS_ENDPOINT_URL_S3') !== undefined }),
    bucket: requireEnv(env.bucket),
  };
}

/** The table alone, for a function that has nothing to do with the bucket. */
export const openTable = (): Pick<Store, 'documents' | 'table'> => ({
  documents: documentsOver(new DynamoDBClient({})),
  table: requireEnv(env.table),
});

/** Plain values in and out; an undefined field is left out of an item. */
export const documentsOver = (client: DynamoDBClient): DynamoDBDocumentClient =>
  DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });

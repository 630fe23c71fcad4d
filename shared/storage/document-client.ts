import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { env } from '#shared/facts/env.ts';
import { requireEnv } from '#shared/runtime/env.ts';
import { type Objects, openBucket } from './open-bucket.ts';

/** Where data rests: the table and the bucket. Every storage function takes it, so that runners can stand side by side. */
export type Store = {
  documents: DynamoDBDocumentClient;
  table: string;
  objects: Objects;
  bucket: string;
};

/** The store that the function's environment names. Made once, when the function starts. */
export const openStore = (): Store => ({ ...openTable(), ...openBucket() });

/** The table alone, for a function that has nothing to do with the bucket. */
export const openTable = (): Pick<Store, 'documents' | 'table'> => ({
  documents: documentsOver(new DynamoDBClient({})),
  table: requireEnv(env.table),
});

/** Plain values in and out; an undefined field is left out of an item. */
export const documentsOver = (client: DynamoDBClient): DynamoDBDocumentClient =>
  DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });

import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { S3Client } from '@aws-sdk/client-s3';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { env } from '#shared/facts/env.ts';
import { requireEnv } from '#shared/runtime/env.ts';
import { late } from './late.ts';

/**
 * S3's client, or what loads it with the first command: reading records needs none, and it would be a sixth of the code
 * that the lookup loads at its start.
 */
export type Objects = S3Client | LateObjects;
type LateObjects = Pick<S3Client, 'send'> & { client: () => Promise<S3Client> };

/** Where data rests: the table and the bucket. Every storage function takes it, so that runners can stand side by side. */
export type Store = {
  documents: DynamoDBDocumentClient;
  table: string;
  objects: Objects;
  bucket: string;
};

/** The store that the function's environment names. Made once, when the function starts. */
export function openStore(): Store {
  return {
    ...openTable(),
    objects: lateObjects(late(async () => (await import('./open-objects.ts')).openObjects())),
    bucket: requireEnv(env.bucket),
  };
}

function lateObjects(client: () => Promise<S3Client>): LateObjects {
  // Its overloads have one meaning here: what was given is handed on.
  const send = async (...given: Parameters<S3Client['send']>) => (await client()).send(...given);
  return { client, send: send as S3Client['send'] };
}

/** The table alone, for a function that has nothing to do with the bucket. */
export const openTable = (): Pick<Store, 'documents' | 'table'> => ({
  documents: documentsOver(new DynamoDBClient({})),
  table: requireEnv(env.table),
});

/** Plain values in and out; an undefined field is left out of an item. */
export const documentsOver = (client: DynamoDBClient): DynamoDBDocumentClient =>
  DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });

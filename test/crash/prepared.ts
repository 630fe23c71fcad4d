import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import type { Store } from '#shared/storage/document-client.ts';
import type { DatabaseCopy } from '#test/support/embedded-dynamodb.ts';

type StoredObject = { name: string; bytes: Uint8Array; contentType: string | undefined };

/** What lies in a database and a bucket: cases that begin alike are not led there anew. */
export type Prepared = { database: DatabaseCopy; objects: readonly StoredObject[] };

export async function takeDown({ objects, bucket }: Store, database: DatabaseCopy): Promise<Prepared> {
  const { Contents: found = [] } = await objects.send(new ListObjectsV2Command({ Bucket: bucket }));
  const taken = found.map(async ({ Key: name = '' }) => {
    const { Body: body, ContentType: contentType } = await objects.send(
      new GetObjectCommand({ Bucket: bucket, Key: name }),
    );
    return { name, contentType, bytes: (await body?.transformToByteArray()) ?? new Uint8Array() };
  });
  return { database, objects: await Promise.all(taken) };
}

export async function putUp({ objects, bucket }: Store, prepared: Prepared['objects']): Promise<void> {
  for (const { name, bytes, contentType } of prepared)
    await objects.send(new PutObjectCommand({ Bucket: bucket, Key: name, Body: bytes, ContentType: contentType }));
}

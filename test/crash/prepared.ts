import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import { BatchWriteCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import type { Store } from '#shared/storage/document-client.ts';

/** What lies in a table and a bucket: cases that begin alike are not led there anew. */
export type Prepared = {
  items: Record<string, unknown>[];
  objects: { name: string; bytes: Uint8Array; contentType: string | undefined }[];
};

export async function takeDown({ documents, table, objects, bucket }: Store): Promise<Prepared> {
  const { Items: items = [] } = await documents.send(new ScanCommand({ TableName: table, ConsistentRead: true }));
  const { Contents: found = [] } = await objects.send(new ListObjectsV2Command({ Bucket: bucket }));
  const taken = found.map(async ({ Key: name = '' }) => {
    const { Body: body, ContentType: contentType } = await objects.send(
      new GetObjectCommand({ Bucket: bucket, Key: name }),
    );
    return { name, contentType, bytes: (await body?.transformToByteArray()) ?? new Uint8Array() };
  });
  return { items, objects: await Promise.all(taken) };
}

/** For as many items as one call takes (25). */
export async function putUp({ documents, table, objects, bucket }: Store, prepared: Prepared): Promise<void> {
  if (prepared.items.length > 0) {
    const puts = prepared.items.map((Item) => ({ PutRequest: { Item } }));
    await documents.send(new BatchWriteCommand({ RequestItems: { [table]: puts } }));
  }
  for (const { name, bytes, contentType } of prepared.objects) {
    await objects.send(new PutObjectCommand({ Bucket: bucket, Key: name, Body: bytes, ContentType: contentType }));
  }
}

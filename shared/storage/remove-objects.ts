import { DeleteObjectCommand, ListMultipartUploadsCommand, paginateListObjectsV2 } from '@aws-sdk/client-s3';
import { DeleteCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { tableKeys } from '#shared/facts/table.ts';
import type { Store } from './document-client.ts';
import type { Bucket } from './media-objects.ts';
import { abortUpload } from './media-uploads.ts';

/** Removes every object under a prefix, and gives how many. */
export async function removeUnder(bucket: Bucket, prefix: string): Promise<number> {
  let removed = 0;
  for await (const key of keysUnder(bucket, prefix)) {
    await removeObject(bucket, key);
    removed += 1;
  }
  return removed;
}

/** The names of the objects under a prefix. */
export async function* keysUnder({ objects, bucket }: Bucket, prefix: string): AsyncIterable<string> {
  const client = 'client' in objects ? await objects.client() : objects;
  for await (const { Contents: found = [] } of paginateListObjectsV2({ client }, { Bucket: bucket, Prefix: prefix })) {
    for (const { Key: key } of found) if (key !== undefined) yield key;
  }
}

/** Removes an object; it may be gone already. */
export async function removeObject({ objects, bucket }: Bucket, key: string): Promise<void> {
  await objects.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }));
}

/** Removes all bytes of a conversation: its objects, what is going up in parts, and how far that has come. */
export async function removeMedia(store: Store, uuid: string): Promise<void> {
  const prefix = `media/${uuid}/`;
  const { Uploads: uploads = [] } = await store.objects.send(
    new ListMultipartUploadsCommand({ Bucket: store.bucket, Prefix: prefix }),
  );
  for (const { UploadId: id = '', Key: object = '' } of uploads) await abortUpload(store, { id, object });
  await removeUnder(store, prefix);
  const { Items: items = [] } = await store.documents.send(
    new QueryCommand({
      TableName: store.table,
      KeyConditionExpression: '#pk = :pk',
      ExpressionAttributeNames: { '#pk': tableKeys.partition, '#sk': tableKeys.sort },
      ExpressionAttributeValues: { ':pk': `media#${uuid}` },
      ProjectionExpression: '#pk, #sk',
    }),
  );
  for (const key of items) await store.documents.send(new DeleteCommand({ TableName: store.table, Key: key }));
}

import { DeleteObjectCommand, GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import type { InboxJob } from '#shared/domain/delivery.ts';
import { type Bucket, isRefusal } from './media-objects.ts';

/**
 * Keeps the raw body of a delivery that is too large for its message, and gives where it lies: when it resolves, the body
 * is durable. A repeat of the delivery lies in the same place.
 */
export async function putInboxObject(
  { objects, bucket }: Bucket,
  { connection, key }: Pick<InboxJob, 'connection' | 'key'>,
  body: string,
): Promise<string> {
  const object = `inbox/${connection}/${key}`;
  const input = { Bucket: bucket, Key: object, Body: body, ContentType: 'application/octet-stream' };
  await objects.send(new PutObjectCommand(input));
  return object;
}

/** The body as text; null where it is gone. */
export async function getInboxObject({ objects, bucket }: Bucket, object: string): Promise<string | null> {
  try {
    const { Body: body } = await objects.send(new GetObjectCommand({ Bucket: bucket, Key: object }));
    return (await body?.transformToString()) ?? null;
  } catch (error) {
    // Who may not list the bucket is not told that there is nothing of that name.
    if (isRefusal(error, 'NoSuchKey', 'AccessDenied')) return null;
    throw error;
  }
}

/** Removes a body; there may be none. */
export async function deleteInboxObject({ objects, bucket }: Bucket, object: string): Promise<void> {
  await objects.send(new DeleteObjectCommand({ Bucket: bucket, Key: object }));
}

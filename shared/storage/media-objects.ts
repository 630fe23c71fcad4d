import { createHash } from 'node:crypto';
import { DeleteObjectCommand, GetObjectCommand, PutObjectCommand, S3ServiceException } from '@aws-sdk/client-s3';
import type { Store } from './document-client.ts';

export type Bucket = Pick<Store, 'objects' | 'bucket'>;

/** Whether the object came into being. `refused`: one of that name is there, or somebody writes it at this instant. */
export type Created = 'stored' | 'refused';

/** The type of an object by the file's: nothing that a browser would run, whoever hands out a link to it. */
export const toObjectType = (type: string): string =>
  /^(audio|video)\//.test(type) || type === 'application/json' ? type : 'application/octet-stream';

/** Whether S3 refused with one of these codes. */
export const isRefusal = (error: unknown, ...codes: string[]): boolean =>
  error instanceof S3ServiceException && codes.includes(error.name);

/** Puts a whole file that is not larger than a part, unless the name is taken. `type` is the file's. */
export async function putMedia(
  { objects, bucket }: Bucket,
  object: string,
  bytes: Uint8Array,
  type: string,
): Promise<Created> {
  const input = { Bucket: bucket, Key: object, Body: bytes, ContentType: toObjectType(type), IfNoneMatch: '*' };
  try {
    await objects.send(new PutObjectCommand(input));
    return 'stored';
  } catch (error) {
    if (isRefusal(error, 'PreconditionFailed', 'ConditionalRequestConflict')) return 'refused';
    throw error;
  }
}

/** Removes an object; it may be gone already. */
export async function removeMediaObject({ objects, bucket }: Bucket, object: string): Promise<void> {
  await objects.send(new DeleteObjectCommand({ Bucket: bucket, Key: object }));
}

/** What an object holds, by reading it once; null where there is none. */
export async function measureMedia(bucket: Bucket, object: string): Promise<{ bytes: number; sha512: string } | null> {
  const body = await openObject(bucket, object);
  if (body === null) return null;
  const digest = createHash('sha512');
  let bytes = 0;
  for await (const chunk of body) {
    digest.update(chunk);
    bytes += chunk.length;
  }
  return { bytes, sha512: digest.digest('hex') };
}

async function openObject({ objects, bucket }: Bucket, object: string): Promise<AsyncIterable<Uint8Array> | null> {
  try {
    const { Body: body } = await objects.send(new GetObjectCommand({ Bucket: bucket, Key: object }));
    // In Node it is a readable stream, which the SDK's type leaves open.
    return body as AsyncIterable<Uint8Array>;
  } catch (error) {
    // Who may not list the bucket is not told that a name is free.
    if (isRefusal(error, 'NoSuchKey', 'AccessDenied')) return null;
    throw error;
  }
}

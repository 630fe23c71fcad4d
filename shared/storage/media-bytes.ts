import { Readable } from 'node:stream';
import { GetObjectCommand } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { type Bucket, isRefusal } from './media-objects.ts';

/** First and last byte, both included, from 0. */
export type ByteSpan = { first: number; last: number };

/**
 * Opens these bytes of an object that holds `size`, or null where there is no such object. Who takes the stream destroys
 * it, and with it the connection to S3. Throws where the object is of another length than the record says.
 */
export async function openMedia(
  { objects, bucket }: Bucket,
  object: string,
  { first, last }: ByteSpan,
  size: number,
): Promise<Readable | null> {
  try {
    const { Body: body, ContentRange: range } = await objects.send(
      new GetObjectCommand({ Bucket: bucket, Key: object, Range: `bytes=${first}-${last}` }),
    );
    // In Node it is a readable stream, which the SDK's type leaves open.
    if (!(body instanceof Readable)) throw new TypeError('S3 has sent no stream');
    // It may break before its reader listens, who then learns of it from the broken stream.
    body.on('error', () => undefined);
    if (range === `bytes ${first}-${last}/${size}`) return body;
    body.destroy();
    throw new TypeError(`object ${object} is not as long as its record says`);
  } catch (error) {
    // Who may not list the bucket is not told that a name is free.
    if (isRefusal(error, 'NoSuchKey', 'AccessDenied')) return null;
    throw error;
  }
}

/** What S3 says of the bytes: a part of the signature, so that nobody who has the link can change it. */
export type SignedHeaders = { type: string; disposition: string };

/** An address of S3 at which anybody gets the object for `seconds`, by GET, whole or by `Range`. */
export async function signedLink(
  { objects, bucket }: Bucket,
  object: string,
  { type, disposition }: SignedHeaders,
  seconds: number,
): Promise<string> {
  const command = new GetObjectCommand({
    Bucket: bucket,
    Key: object,
    ResponseContentType: type,
    ResponseContentDisposition: disposition,
    ResponseCacheControl: 'private, no-store',
  });
  return getSignedUrl('client' in objects ? await objects.client() : objects, command, { expiresIn: seconds });
}

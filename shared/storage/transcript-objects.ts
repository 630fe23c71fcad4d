import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import type { Store } from './document-client.ts';

type Bucket = Pick<Store, 'objects' | 'bucket'>;

/** Writes a packed transcript. */
export async function putPacked({ objects, bucket }: Bucket, object: string, bytes: Uint8Array): Promise<void> {
  await objects.send(
    new PutObjectCommand({ Bucket: bucket, Key: object, Body: bytes, ContentType: 'application/octet-stream' }),
  );
}

/** Reads a packed transcript. Throws where it is not there. */
export async function getPacked({ objects, bucket }: Bucket, object: string): Promise<Uint8Array> {
  const { Body: body } = await objects.send(new GetObjectCommand({ Bucket: bucket, Key: object }));
  if (!body) throw new TypeError(`object ${object} has no body`);
  return body.transformToByteArray();
}

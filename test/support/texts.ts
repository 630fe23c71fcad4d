import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import { GetObjectCommand } from '@aws-sdk/client-s3';
import { paginateScan } from '@aws-sdk/lib-dynamodb';
import type { Store } from '#shared/storage/document-client.ts';
import { isRefusal } from '#shared/storage/media-objects.ts';
import { unpack } from '#shared/storage/pack.ts';
import { keysUnder } from '#shared/storage/remove-objects.ts';

// What lies in a table and a bucket as text, packed or not, to be looked through for what must not stand there.

/** Every item of the table by its key. */
export async function itemTexts({
  documents,
  table,
}: Pick<Store, 'documents' | 'table'>): Promise<Map<string, string>> {
  const items: Record<string, unknown>[] = [];
  for await (const { Items: found = [] } of paginateScan({ client: documents }, { TableName: table }))
    items.push(...found);
  const unpacked = items.map((item) => ({
    ...item,
    ...(item['r'] instanceof Uint8Array && { r: unpack(item['r'], 'record') }),
    ...(item['t'] instanceof Uint8Array && { t: unpack(item['t'], 'transcript') }),
  }));
  return new Map(items.map(({ pk, sk }, i) => [`${pk} ${sk}`, JSON.stringify(unpacked[i])]));
}

/** Every object of a bucket by its name. */
export async function objectTexts({
  objects,
  bucket,
}: Pick<Store, 'objects' | 'bucket'>): Promise<Map<string, string>> {
  const texts = new Map<string, string>();
  for await (const key of keysUnder({ objects, bucket }, '')) {
    const answer = await objects.send(new GetObjectCommand({ Bucket: bucket, Key: key })).catch(unlessGone);
    const bytes = Buffer.from((await answer?.Body?.transformToByteArray()) ?? []);
    if (answer) texts.set(`${bucket}/${key}`, textOf(key, bytes));
  }
  return texts;
}

/** Others may be at work. */
function unlessGone(error: unknown): null {
  if (isRefusal(error, 'NoSuchKey')) return null;
  throw error;
}

function textOf(key: string, bytes: Buffer): string {
  if (key.endsWith('.gz')) return gunzipSync(bytes).toString();
  if (key.endsWith('.zst')) return zstdDecompressSync(bytes).toString();
  // Base64 of packed records in a failed batch.
  if (key.startsWith('aws/lambda/')) return bytes.toString() + packedIn(bytes.toString());
  return key.startsWith('transcripts/') ? unpack(bytes, 'transcript') : bytes.toString();
}

const packedIn = (batch: string): string =>
  [...batch.matchAll(/\\"r\\":\{\\"B\\":\\"([^"\\]+)\\"/g)]
    .map(([, packed = '']) => unpack(Buffer.from(packed, 'base64'), 'record'))
    .join(' ');

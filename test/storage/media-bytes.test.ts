import type { ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { S3Client } from '@aws-sdk/client-s3';
import { afterEach, expect, it } from 'vitest';
import { openMedia } from '#shared/storage/media-bytes.ts';
import { type Loopback, loopback } from '#test/support/loopback.ts';

/** A bucket that answers as this says: for bodies that end badly, and for readers that leave. */
let server: Loopback | undefined;
const size = 1_000_000;
const span = { first: 0, last: size - 1 };

async function bucketThat(answer: (response: ServerResponse) => void) {
  server = await loopback((_, response) => {
    response.writeHead(206, { 'content-length': size, 'content-range': `bytes 0-${size - 1}/${size}` });
    answer(response);
  });
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = { endpoint: server.url, region: 'us-east-1', forcePathStyle: true, maxAttempts: 1, credentials };
  return { objects: new S3Client(client), bucket: 'b' };
}
afterEach(() => server?.close());

it('closes the connection to S3 within a second of its reader leaving', async () => {
  let left = 0;
  const bucket = await bucketThat((response) => {
    response.write(Buffer.alloc(1_000));
    response.on('close', () => {
      left = Date.now();
    });
  });
  const body = await openMedia(bucket, 'o', span, size);
  for await (const chunk of body ?? []) {
    expect(chunk.length).toBe(1_000);
    break;
  }
  const since = Date.now();
  while (left === 0 && Date.now() - since < 2_000) await wait(5);
  expect(left - since).toBeLessThan(1_000);
});

it('reads no further than its reader', async () => {
  let sent = 0;
  const large = Buffer.alloc(64 * 1024);
  const bucket = await bucketThat((response) => {
    const more = () => {
      sent += large.length;
      response.write(large, () => (sent < size - large.length ? more() : undefined));
    };
    more();
  });
  const body = await openMedia(bucket, 'o', span, size);
  await wait(100);
  // Nobody has read yet: what came lies in the buffers of sockets and streams, and no larger ones are made.
  expect(body?.readableLength).toBeLessThanOrEqual(2 * large.length);
  body?.destroy();
});

it.each([
  ['while it is read', 0],
  ['before anybody reads it', 50],
])('fails where the body breaks off %s: half a file is no file', async (_, waitMs) => {
  const bucket = await bucketThat((response) => {
    response.write(Buffer.alloc(size / 2), () => response.destroy());
  });
  const body = await openMedia(bucket, 'o', span, size);
  await wait(waitMs);
  const read = async () => {
    for await (const _ of body ?? []);
  };
  await expect(read()).rejects.toThrow();
});

it('says so where the object is of another length than the record says', async () => {
  const bucket = await bucketThat((response) => response.end(Buffer.alloc(size)));
  await expect(openMedia(bucket, 'o', span, size + 1)).rejects.toThrow('object o is not as long');
  await expect(openMedia(bucket, 'o', { first: 1, last: 2 }, size)).rejects.toThrow('object o is not as long');
});

import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import * as s3 from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { LocalServer } from '#infra/local/listen.ts';
import { startS3 } from '#infra/local/s3/start-s3.ts';

const credentials = { accessKeyId: 'local', secretAccessKey: 'local-secret' };
const Bucket = 'media';
const dataDir = mkdtempSync(join(tmpdir(), 'earshot-s3-parts-'));
const first = randomBytes(5 * 1024 * 1024);
const second = randomBytes(1000);
let server: LocalServer;
let client: s3.S3Client;

async function start(): Promise<void> {
  server = await startS3({ dataDir, credentials });
  client = new s3.S3Client({
    endpoint: server.url,
    region: 'us-east-1',
    credentials,
    forcePathStyle: true,
    maxAttempts: 1,
  });
}

beforeAll(async () => {
  await start();
  await client.send(new s3.CreateBucketCommand({ Bucket }));
});

afterAll(async () => {
  client.destroy();
  await server.close();
  rmSync(dataDir, { recursive: true });
});

async function begin(Key: string): Promise<string> {
  const begun = await client.send(new s3.CreateMultipartUploadCommand({ Bucket, Key, ContentType: 'audio/wav' }));
  return begun.UploadId ?? '';
}

async function part(Key: string, UploadId: string, PartNumber: number, Body: Buffer): Promise<s3.CompletedPart> {
  const { ETag } = await client.send(new s3.UploadPartCommand({ Bucket, Key, UploadId, PartNumber, Body }));
  return { ETag, PartNumber };
}

const complete = (Key: string, UploadId: string, Parts: s3.CompletedPart[]) =>
  client.send(new s3.CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts } }));

it('puts parts together, over a restart, and serves ranges across them', async () => {
  const id = await begin('k');
  await part('k', id, 1, second); // replaced below
  const parts = [await part('k', id, 1, first)];
  await server.close();
  await start();
  parts.push(await part('k', id, 7, second));
  const listed = await client.send(new s3.ListPartsCommand({ Bucket, Key: 'k', UploadId: id, MaxParts: 1 }));
  expect(listed).toMatchObject({ IsTruncated: true, Parts: [{ PartNumber: 1, Size: first.length }] });
  const { ETag } = await complete('k', id, parts);
  const digests = [first, second].map((bytes) => createHash('md5').update(bytes).digest());
  expect(ETag).toBe(`"${createHash('md5').update(Buffer.concat(digests)).digest('hex')}-2"`);

  const whole = await client.send(new s3.GetObjectCommand({ Bucket, Key: 'k' }));
  expect(whole.ContentType).toBe('audio/wav');
  const bytes = Buffer.concat([first, second]);
  expect(Buffer.from((await whole.Body?.transformToByteArray()) ?? []).equals(bytes)).toBe(true);
  const Range = `bytes=${first.length - 10}-${first.length + 9}`;
  const across = await client.send(new s3.GetObjectCommand({ Bucket, Key: 'k', Range }));
  const expected = bytes.subarray(first.length - 10, first.length + 10);
  expect(Buffer.from((await across.Body?.transformToByteArray()) ?? []).equals(expected)).toBe(true);

  expect((await complete('k', id, parts)).ETag).toBe(ETag); // the answer may have been lost
  const copied = { Bucket, Key: 'copy', CopySource: `${Bucket}/k` };
  expect((await client.send(new s3.CopyObjectCommand(copied))).CopyObjectResult?.ETag).toBe(ETag);
  for (const Key of ['k', 'copy']) await client.send(new s3.DeleteObjectCommand({ Bucket, Key }));
  expect(readdirSync(join(dataDir, 'objects'))).toEqual([]);
});

it('refuses parts that are too small, out of order or not the ones uploaded', async () => {
  const id = await begin('small');
  const parts = [await part('small', id, 1, second), await part('small', id, 2, second)];
  await expect(complete('small', id, parts)).rejects.toMatchObject({ name: 'EntityTooSmall' });
  await expect(complete('small', id, parts.toReversed())).rejects.toMatchObject({ name: 'InvalidPartOrder' });
  const other = [{ PartNumber: 1, ETag: `"${'0'.repeat(32)}"` }];
  await expect(complete('small', id, other)).rejects.toMatchObject({ name: 'InvalidPart' });
  await expect(complete('small', 'nobody', parts)).rejects.toMatchObject({ name: 'NoSuchUpload' });

  const { Uploads } = await client.send(new s3.ListMultipartUploadsCommand({ Bucket }));
  expect(Uploads).toMatchObject([{ Key: 'small', UploadId: id }]);
  await client.send(new s3.AbortMultipartUploadCommand({ Bucket, Key: 'small', UploadId: id }));
  expect((await client.send(new s3.ListMultipartUploadsCommand({ Bucket }))).Uploads).toBeUndefined();
  expect(readdirSync(join(dataDir, 'objects'))).toEqual([]);
});

it('asks for the checksum of each part, which it lists, where an upload was begun with one', async () => {
  const name = { Bucket, Key: 'checked' };
  const begun = await client.send(new s3.CreateMultipartUploadCommand({ ...name, ChecksumAlgorithm: 'CRC32' }));
  const UploadId = begun.UploadId ?? '';
  const named = [await part('checked', UploadId, 1, first), await part('checked', UploadId, 2, second)];
  await expect(complete('checked', UploadId, named)).rejects.toMatchObject({ name: 'InvalidRequest' });

  const { Parts = [] } = await client.send(new s3.ListPartsCommand({ ...name, UploadId }));
  const checked = Parts.map(({ ETag, PartNumber, ChecksumCRC32 }) => ({ ETag, PartNumber, ChecksumCRC32 }));
  const crcs = [first, second].map((bytes) => Buffer.from(crc32(bytes).toString(16).padStart(8, '0'), 'hex'));
  expect(checked.map(({ ChecksumCRC32 }) => ChecksumCRC32)).toEqual(crcs.map((crc) => crc.toString('base64')));
  const swapped = checked.map((one, i) => ({ ...one, ChecksumCRC32: checked[1 - i]?.ChecksumCRC32 }));
  await expect(complete('checked', UploadId, swapped)).rejects.toMatchObject({ name: 'InvalidPart' });
  expect((await complete('checked', UploadId, checked)).ETag).toMatch(/-2"$/);
  await client.send(new s3.DeleteObjectCommand(name));
});

it('completes an upload only where no object has its name, if it is told to', async () => {
  const id = await begin('once');
  const parts = [await part('once', id, 1, second)];
  const name = { Bucket, Key: 'once' };
  const input = { ...name, UploadId: id, MultipartUpload: { Parts: parts }, IfNoneMatch: '*' };
  await client.send(new s3.PutObjectCommand({ ...name, Body: 'before' }));
  const completion = () => client.send(new s3.CompleteMultipartUploadCommand(input));
  await expect(completion()).rejects.toMatchObject({ name: 'PreconditionFailed' });
  await client.send(new s3.DeleteObjectCommand(name));
  const { ETag } = await completion();
  expect((await completion()).ETag).toBe(ETag); // the first answer may have been lost
  await client.send(new s3.DeleteObjectCommand(name));
  await expect(completion()).rejects.toMatchObject({ name: 'NoSuchUpload' });
});

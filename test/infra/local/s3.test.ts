import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import * as s3 from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LocalServer } from '#infra/local/listen.ts';
import { openObjectFiles } from '#infra/local/s3/object-files.ts';
import { startS3 } from '#infra/local/s3/start-s3.ts';

const credentials = { accessKeyId: 'local', secretAccessKey: 'local-secret' };
const Bucket = 'media';
let dataDir: string;
let server: LocalServer;
let client: s3.S3Client;

async function start(): Promise<void> {
  server = await startS3({ dataDir, credentials });
  const region = 'us-east-1';
  client = new s3.S3Client({ endpoint: server.url, region, credentials, forcePathStyle: true, maxAttempts: 1 });
}

async function stop(): Promise<void> {
  client.destroy();
  await server.close();
}

const put = (Key: string, Body: s3.PutObjectCommandInput['Body'], rest: Partial<s3.PutObjectCommandInput> = {}) =>
  client.send(new s3.PutObjectCommand({ Bucket, Key, Body, ...rest }));
const get = (Key: string, rest: Partial<s3.GetObjectCommandInput> = {}) =>
  client.send(new s3.GetObjectCommand({ Bucket, Key, ...rest }));
const read = async (Key: string, rest: Partial<s3.GetObjectCommandInput> = {}) =>
  Buffer.from((await (await get(Key, rest)).Body?.transformToByteArray()) ?? []);
const storedFiles = () => readdirSync(join(dataDir, 'objects'));
const md5 = (bytes: Buffer) => createHash('md5').update(bytes).digest();

beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'earshot-s3-'));
  await start();
  await client.send(new s3.CreateBucketCommand({ Bucket }));
});

afterEach(async () => {
  await stop();
  rmSync(dataDir, { recursive: true });
});

describe('put and get', () => {
  it('stores a stream byte for byte, framed in chunks or of unknown length', async () => {
    const bytes = randomBytes(300_000);
    const pieces = () => Readable.from([bytes.subarray(0, 1), bytes.subarray(1, 70_000), bytes.subarray(70_000)]);
    await put('framed', pieces(), { ContentLength: bytes.length });
    expect((await read('framed')).equals(bytes)).toBe(true);
    // With its checksums on, this client refuses an unknown length itself.
    client.config.requestChecksumCalculation = async () => 'WHEN_REQUIRED';
    await put('unknown', pieces());
    expect((await read('unknown')).equals(bytes)).toBe(true);
  });

  it.each(['CRC32', 'CRC32C', 'SHA1', 'SHA256'] as const)(
    'verifies %s behind a stream and before a buffer',
    async (ChecksumAlgorithm) => {
      const bytes = randomBytes(100_000);
      await put('streamed', Readable.from([bytes]), { ContentLength: bytes.length, ChecksumAlgorithm });
      await put('whole', bytes, { ChecksumAlgorithm });
      for (const key of ['streamed', 'whole']) {
        const answer = await get(key, { ChecksumMode: 'ENABLED' });
        expect(answer[`Checksum${ChecksumAlgorithm}`]).toBeTypeOf('string');
        expect(Buffer.from((await answer.Body?.transformToByteArray()) ?? []).equals(bytes)).toBe(true);
      }
    },
  );

  it('gives back type, metadata, encoding and the ETag, and overrides them when asked', async () => {
    const body = Buffer.from('hello');
    const Metadata = { source: 'a & b' };
    const { ETag } = await put('k', Readable.from([body]), {
      ContentType: 'text/vtt',
      Metadata,
      ContentEncoding: 'gzip',
      ContentLength: 5,
    });
    expect(ETag).toBe(`"${md5(body).toString('hex')}"`);
    const head = await client.send(new s3.HeadObjectCommand({ Bucket, Key: 'k' }));
    expect(head).toMatchObject({ ContentType: 'text/vtt', Metadata, ContentEncoding: 'gzip', ContentLength: 5, ETag });
    const other = await get('k', { ResponseContentType: 'text/plain', ResponseContentDisposition: 'attachment' });
    expect(other).toMatchObject({ ContentType: 'text/plain', ContentDisposition: 'attachment' });
  });

  it('refuses bytes that do not match what the client says of them, and keeps nothing', async () => {
    const wrong = Buffer.alloc(4).toString('base64');
    await expect(put('k', 'x', { ChecksumCRC32: wrong })).rejects.toMatchObject({ name: 'BadDigest' });
    await expect(put('k', 'x', { ContentMD5: md5(Buffer.from('y')).toString('base64') })).rejects.toMatchObject({
      name: 'BadDigest',
    });
    await expect(get('k')).rejects.toMatchObject({ name: 'NoSuchKey' });
    expect(storedFiles()).toEqual([]);
  });

  it('refuses a chunked body whose trailer is wrong or missing, or that stops early', async () => {
    const send = async (body: string, length = 5) => {
      const headers = {
        authorization: 'x',
        'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
        'x-amz-trailer': 'x-amz-checksum-crc32',
        'x-amz-decoded-content-length': String(length),
      };
      const answer = await fetch(`${server.url}/${Bucket}/k`, { method: 'PUT', body, headers });
      return /<Code>(\w+)/.exec(await answer.text())?.[1] ?? answer.status;
    };
    const good = '5\r\nhello\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n';
    expect(await send(good.replace('NhCm', 'AAAA'))).toBe('BadDigest');
    expect(await send('5\r\nhello\r\n0\r\n\r\n')).toBe('MalformedTrailerError');
    expect(await send('5\r\nhello\r\n')).toBe('IncompleteBody');
    expect(await send(good, 6)).toBe('IncompleteBody');
    expect(await send(good.replace('hello', 'hellooo'))).toBe('InvalidRequest');
    await expect(get('k')).rejects.toMatchObject({ name: 'NoSuchKey' });
    expect(await send(good)).toBe(200);
    expect((await read('k')).toString()).toBe('hello');
  });

  it('keeps odd keys apart and inside the data folder', async () => {
    const keys = ['../../outside', 'a/../b', 'b', '/lead', 'ü/日本 +&<>"\'()*!', 'a//b', '.', 'tab\tand\nline'];
    for (const key of keys) await put(key, key);
    for (const key of keys) expect((await read(key)).toString()).toBe(key);
    const { Contents } = await client.send(new s3.ListObjectsV2Command({ Bucket }));
    const sorted = [...keys].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    expect(Contents?.map((object) => object.Key)).toEqual(sorted);
    expect(readdirSync(dataDir).sort()).toEqual(['objects', 'objects.sqlite', 'objects.sqlite-wal']);
    expect(storedFiles()).toHaveLength(keys.length);
  });
});

describe('ranges and conditions', () => {
  it('serves ranges exactly, the last bytes too', async () => {
    await put('k', '0123456789');
    const part = await get('k', { Range: 'bytes=-3' });
    expect(part).toMatchObject({ ContentRange: 'bytes 7-9/10', ContentLength: 3 });
    expect(part.$metadata.httpStatusCode).toBe(206);
    expect(await part.Body?.transformToString()).toBe('789');
    expect((await read('k', { Range: 'bytes=2-4' })).toString()).toBe('234');
    expect((await read('k', { Range: 'bytes=8-' })).toString()).toBe('89');
    await expect(get('k', { Range: 'bytes=10-' })).rejects.toMatchObject({
      name: 'InvalidRange',
      $metadata: { httpStatusCode: 416 },
    });
  });

  it('serves an empty object, and knows what is missing', async () => {
    await put('k', '');
    expect((await read('k')).length).toBe(0);
    await expect(get('k', { Range: 'bytes=0-' })).rejects.toMatchObject({ name: 'InvalidRange' });
    const head = (Key: string) => client.send(new s3.HeadObjectCommand({ Bucket, Key }));
    expect(await head('k')).toMatchObject({ ContentLength: 0 });
    await expect(head('missing')).rejects.toMatchObject({ name: 'NotFound' });
  });

  it('answers 304 and 412', async () => {
    const { ETag } = await put('k', 'x');
    const status = (code: number) => ({ $metadata: expect.objectContaining({ httpStatusCode: code }) });
    await expect(get('k', { IfNoneMatch: ETag })).rejects.toMatchObject(status(304));
    await expect(get('k', { IfModifiedSince: new Date() })).rejects.toMatchObject(status(304));
    await expect(get('k', { IfMatch: '"other"' })).rejects.toMatchObject(status(412));
    expect((await read('k', { IfMatch: ETag })).toString()).toBe('x');
  });

  it('lets one of 20 racing If-None-Match puts win', async () => {
    const body = randomBytes(50_000);
    const race = Array.from({ length: 20 }, (_, n) =>
      put('k', Buffer.concat([body, Buffer.of(n)]), { IfNoneMatch: '*' }),
    );
    const results = await Promise.allSettled(race);
    const winners = results.flatMap((result, n) => (result.status === 'fulfilled' ? [n] : []));
    expect(winners).toHaveLength(1);
    expect((await read('k')).at(-1)).toBe(winners[0]);
    expect(storedFiles()).toHaveLength(1);
    const errors = results.flatMap((result) => (result.status === 'rejected' ? [result.reason.name] : []));
    expect(new Set(errors)).toEqual(new Set(['PreconditionFailed']));
  });

  it('replaces with If-Match only what was read', async () => {
    const { ETag } = await put('k', 'one');
    await put('k', 'two', { IfMatch: ETag });
    await expect(put('k', 'three', { IfMatch: ETag })).rejects.toMatchObject({ name: 'PreconditionFailed' });
    await expect(put('none', 'x', { IfMatch: ETag })).rejects.toMatchObject({ name: 'NoSuchKey' });
    expect((await read('k')).toString()).toBe('two');
  });

  it('finishes an answer whose object is replaced meanwhile', async () => {
    const bytes = randomBytes(8_000_000);
    await put('k', bytes);
    const answer = await get('k');
    await put('k', 'new');
    expect(Buffer.from((await answer.Body?.transformToByteArray()) ?? []).equals(bytes)).toBe(true);
    await expect.poll(storedFiles).toHaveLength(1);
  });
});

describe('what is not supported', () => {
  it('names the operation, the parameter or the header', async () => {
    await put('k', 'x');
    const tagging = client.send(new s3.GetObjectTaggingCommand({ Bucket, Key: 'k' }));
    await expect(tagging).rejects.toMatchObject({
      name: 'NotImplemented',
      message: expect.stringContaining('S3 operation GetObjectTagging'),
    });
    await expect(get('k', { VersionId: 'v' })).rejects.toThrow('versionId of GetObject');
    await expect(put('k', 'x', { Tagging: 'a=b' })).rejects.toThrow('x-amz-tagging');
    await expect(client.send(new s3.ListBucketsCommand())).rejects.toThrow('ListBuckets');
    await expect(client.send(new s3.DeleteBucketCommand({ Bucket }))).rejects.toThrow('DeleteBucket');
    await expect(get('k', { Bucket: 'other' })).rejects.toMatchObject({ name: 'NoSuchBucket' });
    expect((await fetch(`${server.url}/${Bucket}/k`)).status).toBe(403);
  });
});

it('keeps a file that is read until its last reader has ended', () => {
  const files = openObjectFiles(join(dataDir, 'objects'));
  writeFileSync(files.path('a'), 'bytes');
  const [first, second] = [files.hold([{ name: 'a', bytes: 5 }]), files.hold([{ name: 'a', bytes: 5 }])];
  files.discard([{ name: 'a' }]);
  first();
  expect(storedFiles()).toEqual(['a']);
  second();
  expect(storedFiles()).toEqual([]);
});

it('keeps everything over a restart and sweeps what a crash left', async () => {
  await put('k', 'kept', { Metadata: { n: '1' } });
  const [file] = storedFiles();
  await stop();
  writeFileSync(join(dataDir, 'objects', 'cut-upload'), 'half');
  await start();
  expect((await read('k')).toString()).toBe('kept');
  expect((await get('k')).Metadata).toEqual({ n: '1' });
  expect(storedFiles()).toEqual([file]);
});

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as s3 from '@aws-sdk/client-s3';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LocalServer } from '#infra/local/listen.ts';
import { startS3 } from '#infra/local/s3/start-s3.ts';

const credentials = { accessKeyId: 'local', secretAccessKey: 'local-secret' };
const Bucket = 'media';
const dataDir = mkdtempSync(join(tmpdir(), 'earshot-s3-list-'));
// Emoji sort behind U+FF5E by UTF-8 bytes and before it by UTF-16 units.
const keys = ['a', 'a/', 'a/b', 'a/b/c', 'a0', 'b/1', 'b/2', 'b0', 'z\u{FF5E}', 'z😀', 'z😀/x', 'é'];
const byBytes = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b));
let server: LocalServer;
let client: s3.S3Client;

beforeAll(async () => {
  server = await startS3({ dataDir, credentials });
  const region = 'us-east-1';
  client = new s3.S3Client({ endpoint: server.url, region, credentials, forcePathStyle: true, maxAttempts: 1 });
  await client.send(new s3.CreateBucketCommand({ Bucket }));
  for (const Key of keys) await client.send(new s3.PutObjectCommand({ Bucket, Key, Body: 'x' }));
});

afterAll(async () => {
  client.destroy();
  await server.close();
  rmSync(dataDir, { recursive: true });
});

/** What S3 says a listing holds, straight from the list of keys. */
function expected(prefix: string, delimiter: string, startAfter: string): string[] {
  const found = new Set<string>();
  for (const key of [...keys].sort(byBytes)) {
    if (!key.startsWith(prefix) || (startAfter !== '' && byBytes(key, startAfter) <= 0)) continue;
    const cut = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
    found.add(cut < 0 ? `key ${key}` : `prefix ${key.slice(0, cut + delimiter.length)}`);
  }
  return [...found];
}

async function listed(Prefix: string, Delimiter: string, StartAfter: string, MaxKeys: number): Promise<string[]> {
  const found: string[] = [];
  let ContinuationToken: string | undefined;
  do {
    const input = { Bucket, Prefix, Delimiter, StartAfter, MaxKeys, ContinuationToken };
    const page: s3.ListObjectsV2CommandOutput = await client.send(new s3.ListObjectsV2Command(input));
    const entries = [
      ...(page.Contents ?? []).map(({ Key = '' }) => ({ at: Key, name: `key ${Key}` })),
      ...(page.CommonPrefixes ?? []).map(({ Prefix: at = '' }) => ({ at, name: `prefix ${at}` })),
    ];
    expect(page.KeyCount).toBe(entries.length);
    expect(entries.length).toBeLessThanOrEqual(MaxKeys);
    found.push(...entries.sort((a, b) => byBytes(a.at, b.at)).map(({ name }) => name));
    ContinuationToken = page.NextContinuationToken;
  } while (ContinuationToken);
  return found;
}

it('lists every key once, in the order of its bytes, whatever prefix, delimiter, start and page size', async () => {
  const prefix = fc.constantFrom('', 'a', 'a/', 'b', 'z', 'z😀', 'nothing');
  const start = fc.constantFrom('', 'a', 'a/b', 'a00', 'z\u{FF5E}', 'ø');
  await fc.assert(
    fc.asyncProperty(
      prefix,
      fc.constantFrom('', '/', '/b'),
      start,
      fc.integer({ min: 1, max: 5 }),
      async (...query) => {
        expect(await listed(...query)).toEqual(expected(query[0], query[1], query[2]));
      },
    ),
    { numRuns: 60 },
  );
});

describe('in another bucket', () => {
  const other = 'copies';
  const put = (Key: string, rest: Partial<s3.PutObjectCommandInput> = {}) =>
    client.send(new s3.PutObjectCommand({ Bucket: other, Key, Body: 'body', ...rest }));
  const get = (Key: string) => client.send(new s3.GetObjectCommand({ Bucket: other, Key }));

  beforeAll(async () => void (await client.send(new s3.CreateBucketCommand({ Bucket: other }))));

  it('copies with or without new metadata', async () => {
    await put('a ü/b', { ContentType: 'text/plain', Metadata: { n: '1' } });
    const copy = { Bucket: other, CopySource: `${other}/${encodeURIComponent('a ü/b')}` };
    await client.send(new s3.CopyObjectCommand({ ...copy, Key: 'same' }));
    const Metadata = { n: '2' };
    await client.send(new s3.CopyObjectCommand({ ...copy, Key: 'new', MetadataDirective: 'REPLACE', Metadata }));
    await client.send(new s3.DeleteObjectCommand({ Bucket: other, Key: 'a ü/b' }));
    expect(await get('same')).toMatchObject({ ContentType: 'text/plain', Metadata: { n: '1' } });
    const copied = await get('new');
    expect(copied.Metadata).toEqual(Metadata);
    expect(await copied.Body?.transformToString()).toBe('body');
    await expect(get('a ü/b')).rejects.toMatchObject({ name: 'NoSuchKey' });
    const guarded = { ...copy, CopySource: `${other}/same`, Key: 'third', CopySourceIfMatch: '"other"' };
    await expect(client.send(new s3.CopyObjectCommand(guarded))).rejects.toMatchObject({ name: 'PreconditionFailed' });
  });

  it('deletes many, also what is not there', async () => {
    const names = ['d/a', 'd/b&<', 'd/missing'];
    await put('d/a');
    await put('d/b&<');
    const Delete = { Objects: names.map((Key) => ({ Key })) };
    const { Deleted } = await client.send(new s3.DeleteObjectsCommand({ Bucket: other, Delete }));
    expect(Deleted?.map((one) => one.Key)).toEqual(names);
    const left = await client.send(new s3.ListObjectsV2Command({ Bucket: other, Prefix: 'd/' }));
    expect(left.KeyCount).toBe(0);
  });
});

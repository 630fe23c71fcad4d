import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as s3 from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { LocalServer } from '#infra/local/listen.ts';
import { startS3 } from '#infra/local/s3/start-s3.ts';

const credentials = { accessKeyId: 'local', secretAccessKey: 'local-secret' };
const Bucket = 'media';
const Key = 'a b/ü(1)+.txt';
const dataDir = mkdtempSync(join(tmpdir(), 'earshot-s3-presigned-'));
let now = Date.now();
let server: LocalServer;
let client: s3.S3Client;

beforeAll(async () => {
  server = await startS3({ dataDir, credentials, now: () => now });
  const region = 'us-east-1';
  client = new s3.S3Client({ endpoint: server.url, region, credentials, forcePathStyle: true, maxAttempts: 1 });
  await client.send(new s3.CreateBucketCommand({ Bucket }));
  await client.send(new s3.PutObjectCommand({ Bucket, Key, Body: 'signed' }));
});

afterAll(async () => {
  client.destroy();
  await server.close();
  rmSync(dataDir, { recursive: true });
});

/** The address that the SDK's own signer makes for a GET of the object. */
async function presign(query: Record<string, string>, expiresIn: number): Promise<URL> {
  const { hostname, port, host } = new URL(server.url);
  const path = `/${Bucket}/${Key.split('/').map(encodeURIComponent).join('/').replace('(', '%28').replace(')', '%29')}`;
  // What the SDK's presigner for S3 adds, and moves into the query.
  const headers = { host, 'X-Amz-Content-Sha256': 'UNSIGNED-PAYLOAD' };
  const request = { method: 'GET', protocol: 'http:', hostname, port: Number(port), path, query, headers };
  const signer = await client.config.signer();
  if (!('presign' in signer) || typeof signer.presign !== 'function') throw new Error('the signer cannot presign');
  const signed = await signer.presign(request, { expiresIn, signingRegion: 'us-east-1', signingService: 's3' });
  const url = new URL(path, server.url);
  for (const [name, value] of Object.entries(signed.query)) url.searchParams.set(name, String(value));
  return url;
}

it('serves a presigned address, with the overrides that it signs', async () => {
  const query = { 'response-content-type': 'text/plain', 'response-content-disposition': 'attachment; filename="a b"' };
  const answer = await fetch(await presign(query, 60));
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-disposition')).toBe(query['response-content-disposition']);
  expect(await answer.text()).toBe('signed');
});

it('refuses another object, other parameters, another method and another key', async () => {
  const url = await presign({}, 60);
  const code = async (address: URL, method = 'GET') => (await fetch(address, { method })).status;
  const elsewhere = new URL(url);
  elsewhere.pathname = `/${Bucket}/other`;
  const more = new URL(url);
  more.searchParams.set('response-content-type', 'text/html');
  const longer = new URL(url);
  longer.searchParams.set('X-Amz-Expires', '6000');
  const stranger = new URL(url.href.replace('local%2F', 'someone%2F'));
  for (const address of [elsewhere, more, longer, stranger]) expect(await code(address)).toBe(403);
  expect(await code(url, 'DELETE')).toBe(403);
  expect(await code(url)).toBe(200);
});

it('ends when it was said to end', async () => {
  const url = await presign({}, 60);
  const start = now;
  now = start + 58_000;
  expect((await fetch(url)).status).toBe(200);
  now = start + 62_000;
  const late = await fetch(url);
  expect(late.status).toBe(403);
  expect(await late.text()).toContain('Request has expired');
  now = start;
});

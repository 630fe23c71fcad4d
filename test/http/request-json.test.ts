import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import {
  CredentialsRejected,
  NotAtProvider,
  PermissionMissing,
  ProviderUnavailable,
  RateLimited,
  RequestRejected,
  ResponseInvalid,
} from '#shared/domain/errors.ts';
import { requestJson } from '#shared/http/request-json.ts';
import { loopback } from '#test/support/loopback.ts';
import { fails, get, open, type Reply, serve } from '#test/support/serve.ts';
import { virtualClock } from '#test/support/virtual-clock.ts';

test('a JSON answer comes with its headers, the provider clock and ours', async () => {
  const { seen, url } = await serve({ headers: { date: 'Mon, 02 Mar 2026 09:14:07 GMT', 'x-left': '5' } });
  const clock = virtualClock();
  const answer = await requestJson(get(`${url}/v1/things?a=b`, { headers: { authorization: 'Bearer x' } }), clock);
  expect(answer).toMatchObject({
    body: { ok: true },
    sentAt: clock.now(),
    servedAt: Date.parse('2026-03-02T09:14:07Z'),
  });
  expect(answer.headers['x-left']).toBe('5');
  expect(seen[0]).toMatchObject({
    url: '/v1/things?a=b',
    headers: { accept: 'application/json', 'accept-encoding': 'gzip, deflate, br', authorization: 'Bearer x' },
  });
});

test('without a readable Date the provider clock is taken to be ours at sending', async () => {
  const { url } = await serve({ headers: { date: 'yesterday' } });
  const clock = virtualClock(1_700_000_000_123);
  expect(await requestJson(get(url), clock)).toMatchObject({ servedAt: 1_700_000_000_123 });
});

const text = JSON.stringify({ words: 'hello '.repeat(500) });

test.each([
  ['gzip', gzipSync(text)],
  ['x-gzip', gzipSync(text)],
  ['deflate', deflateSync(text)],
  ['deflate', deflateRawSync(text)],
  ['br', brotliCompressSync(text)],
  ['identity', Buffer.from(text)],
])('a body in %s is inflated', async (encoding, body) => {
  const { url } = await serve({ headers: { 'content-encoding': encoding }, body });
  expect((await requestJson(get(url), virtualClock())).body).toEqual(JSON.parse(text));
});

test.each<[string, Reply]>([
  ['HTML with 200', { headers: { 'content-type': 'text/html' }, body: '<html>Canary</html>' }],
  ['HTML that claims to be JSON', { body: '<html>Canary</html>' }],
  ['JSON that claims to be HTML', { headers: { 'content-type': 'text/html; charset=utf-8' } }],
  ['a picture', { headers: { 'content-type': 'image/png' } }],
  ['204', { status: 204, body: '' }],
  ['an empty 200', { body: '' }],
  ['cut JSON', { body: '{"data":[{"name":"Canary"}' }],
  ['cut gzip', { headers: { 'content-encoding': 'gzip' }, body: gzipSync(text).subarray(0, 40) }],
  ['damaged brotli', { headers: { 'content-encoding': 'br' }, body: Buffer.from('not brotli at all') }],
  ['an encoding not asked for', { headers: { 'content-encoding': 'zstd' } }],
  ['a redirect', { status: 302, headers: { location: 'https://elsewhere.example/' } }],
  ['nothing new', { status: 304, body: '' }],
])('%s is ResponseInvalid', async (_what, reply) => {
  const { url, seen } = await serve(reply);
  const error = await fails(get(url));
  expect(error).toBeInstanceOf(ResponseInvalid);
  expect(error.message).not.toMatch(/Canary|hello/);
  expect(seen).toHaveLength(1);
});

test('JSON under a vendor type, as plain text or without a type is read', async () => {
  for (const type of [
    'application/hal+json',
    'application/vnd.x.v2+json; charset=utf-8',
    'text/plain',
    'application/json;charset=UTF-8',
  ]) {
    const { url } = await serve({ headers: { 'content-type': type } });
    expect((await requestJson(get(url), virtualClock())).body).toEqual({ ok: true });
  }
});

test('a body over the limit is refused: announced, chunked, and after inflating', async () => {
  const limits = { maxBytes: 10_000 };
  const large = JSON.stringify('x'.repeat(20_000));
  const announced = await serve({ body: large, headers: { 'content-length': String(large.length) } });
  const inflated = await serve({ body: gzipSync(large), headers: { 'content-encoding': 'gzip' } });
  const endless = await loopback((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    const more = (): void => {
      while (response.write('x'.repeat(5_000)));
    };
    response.on('drain', more);
    more();
  });
  open.push(endless);
  for (const { url } of [announced, inflated, endless]) {
    const error = await fails(get(url, { limits }));
    expect(error).toBeInstanceOf(ResponseInvalid);
    expect(error.message).toContain('more than 10000 bytes');
  }
  const fitting = await serve({ body: JSON.stringify('x'.repeat(9_998)) });
  await expect(requestJson(get(fitting.url, { limits }), virtualClock())).resolves.toBeDefined();
});

test('a compression bomb is stopped at the default limit without filling the memory', async () => {
  const { url } = await serve({
    body: gzipSync(Buffer.alloc(256 * 1024 ** 2)),
    headers: { 'content-encoding': 'gzip' },
  });
  const before = process.memoryUsage.rss();
  expect(await fails(get(url))).toBeInstanceOf(ResponseInvalid);
  expect(process.memoryUsage.rss() - before).toBeLessThan(128 * 1024 ** 2);
});

test.each([
  [400, RequestRejected],
  [401, CredentialsRejected],
  [403, PermissionMissing],
  [404, NotAtProvider],
  [408, ProviderUnavailable],
  [410, NotAtProvider],
  [422, RequestRejected],
  [429, RateLimited],
  [500, ProviderUnavailable],
  [501, ProviderUnavailable],
  [503, ProviderUnavailable],
])('%d is %o', async (status, kind) => {
  const { url } = await serve({ status, body: '{"error":"Canary Person +441632960111"}' });
  const error = await fails(
    get(`${url}/v2/calls/77?phone=%2B441632960111`, { headers: { authorization: 'Bearer canary-token' } }),
  );
  expect(error).toBeInstanceOf(kind);
  expect(error.message).toBe(`GET ${new URL(url).host}/v2/calls/77: ${status}`);
  expect(error.cause).toBeUndefined();
  expect(JSON.stringify(error)).not.toMatch(/canary|441632960111/i);
});

test('a 429 says how long to wait and is not repeated', async () => {
  const told = await serve({ status: 429, headers: { 'retry-after': '17' } });
  expect(await fails(get(told.url))).toMatchObject({ retryAfterMs: 17_000 });
  expect(told.seen).toHaveLength(1);
  const untold = await serve({ status: 429, headers: { date: 'Mon, 02 Mar 2026 09:14:48 GMT' } });
  expect(await fails(get(untold.url))).toMatchObject({ retryAfterMs: 12_000 });
});

test('a redirect to another host is not followed, so nothing is sent there', async () => {
  const other = await serve({});
  const { url } = await serve({ status: 307, headers: { location: `${other.url}/stolen` } });
  expect(await fails(get(url, { headers: { authorization: 'Bearer canary-token' } }))).toBeInstanceOf(ResponseInvalid);
  expect(other.seen).toHaveLength(0);
});

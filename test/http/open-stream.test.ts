import { gzipSync } from 'node:zlib';
import { MockAgent } from 'undici';
import { expect, test } from 'vitest';
import {
  type AppError,
  CredentialsRejected,
  NotAtProvider,
  PermissionMissing,
  ProviderUnavailable,
  RateLimited,
  RequestRejected,
  ResponseInvalid,
} from '#shared/domain/errors.ts';
import { clockFrom } from '#shared/http/clock.ts';
import { hostRules } from '#shared/http/host-rules.ts';
import { LinkRefused } from '#shared/http/link-refused.ts';
import { openStream, type StreamRequest } from '#shared/http/open-stream.ts';
import { rawLoopback } from '#test/support/loopback.ts';
import { open, type Reply, serve } from '#test/support/serve.ts';
import { virtualClock } from '#test/support/virtual-clock.ts';

const audio = { 'content-type': 'audio/wav' };
const credentials = { authorization: 'Bearer canary' };

/** A request with credentials to the account whose address this is, or the more of it. */
const toAccount = (url: string, more: Partial<StreamRequest> = {}): StreamRequest => ({
  url: new URL(`${url}/recordings/1?secret=canary`),
  rules: hostRules({ baseUrl: url, mediaHosts: [] }),
  credentials,
  ...more,
});

const fails = (request: StreamRequest): Promise<AppError> =>
  openStream(request, virtualClock()).then(
    () => expect.fail('answered'),
    (error) => {
      expect(`${error.message} ${JSON.stringify(error)}`).not.toMatch(/canary|secret|recordings/);
      return error;
    },
  );

async function textOf(body: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

test('the body comes as it is, with the headers, the address and both clocks', async () => {
  const { url, seen } = await serve({ headers: { ...audio, date: 'Mon, 02 Mar 2026 09:14:07 GMT' }, body: 'bytes' });
  const clock = virtualClock();
  const request = toAccount(url, { headers: { range: 'bytes=0-', 'accept-encoding': 'gzip' } });
  const { body, ...answer } = await openStream(request, clock);
  expect(await textOf(body)).toBe('bytes');
  expect(answer).toMatchObject({ status: 200, sentAt: clock.now(), servedAt: Date.parse('2026-03-02T09:14:07Z') });
  expect([answer.headers['content-type'], answer.url.href]).toEqual(['audio/wav', request.url.href]);
  expect(seen[0]).toMatchObject({
    url: '/recordings/1?secret=canary',
    headers: { ...credentials, range: 'bytes=0-', 'accept-encoding': 'identity' },
  });
});

test.each([200, 206, 416])('%d is an answer for the caller to read', async (status) => {
  const { url } = await serve({ status, headers: audio, body: 'x' });
  expect(await openStream(toAccount(url), virtualClock())).toMatchObject({ status });
});

test.each<[number, new (...args: never[]) => AppError, Reply['headers']?]>([
  [201, ResponseInvalid],
  [202, ResponseInvalid],
  [204, ResponseInvalid],
  [300, ResponseInvalid],
  [304, ResponseInvalid],
  [400, RequestRejected],
  [401, CredentialsRejected],
  [403, PermissionMissing],
  [404, NotAtProvider],
  [410, NotAtProvider],
  [418, RequestRejected],
  [429, RateLimited, { 'retry-after': '7' }],
  [500, ProviderUnavailable],
  [503, ProviderUnavailable],
])('%d of the account is %o', async (status, kind, headers = {}) => {
  const { url } = await serve({ status, headers, body: '' });
  expect(await fails(toAccount(url))).toBeInstanceOf(kind);
});

test.each([400, 401, 403])('%d for what came without credentials says nothing of them', async (status) => {
  const { url } = await serve({ status, body: '{"canary":1}' });
  const { credentials: _none, ...request } = toAccount(url);
  expect(await fails(request)).toBeInstanceOf(LinkRefused);
  const storage = await serve({ status, body: '{"canary":1}' });
  const account = await serve({ status: 302, headers: { location: `${storage.url}/secret` } });
  const rules = hostRules({ baseUrl: account.url, mediaHosts: [new URL(storage.url).host] });
  expect(await fails(toAccount(account.url, { rules }))).toBeInstanceOf(LinkRefused);
});

test('an encoding that was not asked for is refused; one that changes nothing is not', async () => {
  for (const encoding of ['gzip', 'br', 'x-own', 'identity, gzip']) {
    const { url } = await serve({ headers: { 'content-encoding': encoding }, body: gzipSync('canary') });
    expect(await fails(toAccount(url))).toBeInstanceOf(ResponseInvalid);
  }
  const { url } = await serve({ headers: { 'content-encoding': 'Identity' }, body: 'bytes' });
  expect(await textOf((await openStream(toAccount(url), virtualClock())).body)).toBe('bytes');
});

test('each sending is announced and each answer told, with whether the credentials went along', async () => {
  const storage = await serve({ headers: audio, body: 'bytes' });
  const account = await serve({ status: 307, headers: { location: `${storage.url}/a` } });
  const told: unknown[] = [];
  await openStream(
    toAccount(account.url, {
      rules: hostRules({ baseUrl: account.url, mediaHosts: [new URL(storage.url).host] }),
      beforeSend: async (withCredentials) => void told.push(withCredentials),
      onAnswer: async ({ status, body }, withCredentials) => void told.push([status, body.length, withCredentials]),
    }),
    virtualClock(),
  );
  expect(told).toEqual([true, [307, 0, true], false, [200, 0, false]]);
  const spent = new RateLimited('spent', 1);
  expect(await fails(toAccount(account.url, { beforeSend: () => Promise.reject(spent) }))).toBe(spent);
  expect(account.seen).toHaveLength(1);
});

test('a header that cannot be sent is our fault and is not quoted', async () => {
  const request = toAccount('http://127.0.0.1:9', { credentials: { authorization: 'Bearer canary\nx: y' } });
  expect(await fails(request)).toBeInstanceOf(RequestRejected);
});

const head = 'HTTP/1.1 200 OK\r\ncontent-type: audio/wav\r\ncontent-length: 900\r\n\r\n';

test.each<[string, Partial<StreamRequest>, (socket: import('node:net').Socket) => void]>([
  ['no answer', { limits: { headersMs: 100 } }, () => undefined],
  ['a stall in the body', { limits: { bodyMs: 100 } }, (socket) => socket.write(`${head}abc`)],
  ['a broken connection', {}, (socket) => socket.write(`${head}abc`, () => socket.resetAndDestroy())],
  ['a body that ends early', {}, (socket) => socket.end(`${head}abc`)],
  [
    'a body that trickles, by the time of the caller',
    { signal: AbortSignal.timeout(400) },
    (socket) => {
      socket.write(head);
      const timer = setInterval(() => socket.write(' '), 20);
      socket.on('close', () => clearInterval(timer));
    },
  ],
])('%s is ProviderUnavailable in good time', async (_what, more, answer) => {
  const server = await rawLoopback(answer);
  open.push(server);
  const begun = Date.now();
  const whole = openStream(toAccount(server.url, more), clockFrom(Date.now)).then(({ body }) => textOf(body));
  await expect(whole).rejects.toBeInstanceOf(ProviderUnavailable);
  expect(Date.now() - begun).toBeLessThan(3_000);
});

test('what is let go of is not received, and may be let go of twice', async () => {
  let sent = 0;
  const closed = Promise.withResolvers<void>();
  const endless = await rawLoopback((socket) => {
    const push = (): void => {
      sent += 64 * 1024;
      if (!socket.destroyed) socket.write(Buffer.alloc(64 * 1024), push);
    };
    socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${10 ** 12}\r\n\r\n`, push);
    socket.on('close', () => closed.resolve());
  });
  open.push(endless);
  const answer = await openStream(toAccount(endless.url), virtualClock());
  answer.discard();
  answer.discard();
  await closed.promise;
  expect(sent).toBeLessThan(64 * 1024 ** 2);
});

test('a body that breaks before anybody reads it tells so when it is read', async () => {
  const closed = Promise.withResolvers<void>();
  const server = await rawLoopback((socket) => {
    socket.write(`${head}abc`, () => setTimeout(() => socket.resetAndDestroy(), 20));
    socket.on('close', () => setTimeout(closed.resolve, 20));
  });
  open.push(server);
  const { body } = await openStream(toAccount(server.url), virtualClock());
  await closed.promise;
  await expect(textOf(body)).rejects.toBeInstanceOf(ProviderUnavailable);
});

test('leaving the body in the middle closes its connection', async () => {
  const closed = Promise.withResolvers<void>();
  const server = await rawLoopback((socket) => {
    socket.write(`${head}abc`);
    socket.on('close', () => closed.resolve());
  });
  open.push(server);
  for await (const _chunk of (await openStream(toAccount(server.url), virtualClock())).body) break;
  await closed.promise;
});

test('a host that nobody named is asked through the guarded way, without credentials', async () => {
  const outside = new MockAgent();
  outside.disableNetConnect();
  const sent: unknown[] = [];
  const files = outside.get('https://files.example').intercept({ path: '/a?b=c' });
  const reply = ({ headers }: { headers: unknown }): string => `bytes${' '.repeat(sent.push(headers) - 1)}`;
  files.reply(200, reply).persist();
  const { url } = await serve({ status: 302, headers: { location: 'https://files.example/a?b=c' } });
  for (const first of [url, 'https://files.example/a?b=c']) {
    const request = { ...toAccount(url), url: new URL(first) };
    expect(await textOf((await openStream(request, virtualClock(), outside)).body)).toMatch(/^bytes *$/);
  }
  expect(sent).toHaveLength(2);
  expect(JSON.stringify(sent)).not.toContain('canary');
});

import { expect, test } from 'vitest';
import { ProviderUnavailable, RateLimited, RequestRejected } from '#shared/domain/errors.ts';
import { clockFrom } from '#shared/http/clock.ts';
import type { HttpRequest } from '#shared/http/request.ts';
import { requestJson } from '#shared/http/request-json.ts';
import { loopback, rawLoopback } from '#test/support/loopback.ts';
import { fails, get, open, serve } from '#test/support/serve.ts';
import { virtualClock } from '#test/support/virtual-clock.ts';

test.each([500, 502, 503, 504])(
  'a GET answered with %d is sent at most three times, a little later each time',
  async (status) => {
    const clock = virtualClock();
    const passing = await serve({ status }, { status }, {});
    expect((await requestJson(get(passing.url), clock)).body).toEqual({ ok: true });
    expect(clock.slept).toEqual([250, 500]);
    const failing = await serve({ status });
    expect(await fails(get(failing.url))).toBeInstanceOf(ProviderUnavailable);
    expect(failing.seen).toHaveLength(3);
  },
);

test('each sending is announced and each answer told', async () => {
  const { url } = await serve({ status: 503 }, {});
  let sendings = 0;
  const statuses: number[] = [];
  const beforeSend = async (): Promise<void> => {
    sendings += 1;
  };
  const onAnswer: HttpRequest['onAnswer'] = async (answer) => {
    statuses.push(answer.status);
  };
  await requestJson(get(url, { beforeSend, onAnswer }), virtualClock());
  expect([sendings, statuses]).toEqual([2, [503, 200]]);
  const spent = new RateLimited('spent', 1);
  expect(await fails(get(url, { beforeSend: () => Promise.reject(spent) }))).toBe(spent);
});

test('a short Retry-After of a 503 is kept to; a long one ends the request', async () => {
  const clock = virtualClock();
  const short = await serve({ status: 503, headers: { 'retry-after': '4' } }, {});
  await requestJson(get(short.url), clock);
  expect(clock.slept).toEqual([4_000]);
  const long = await serve({ status: 503, headers: { 'retry-after': '6' } }, {});
  expect(await fails(get(long.url))).toBeInstanceOf(ProviderUnavailable);
  expect(long.seen).toHaveLength(1);
});

test('no repeat goes beyond the time for the whole request', async () => {
  const clock = virtualClock();
  const { url, seen } = await serve({ status: 503 });
  expect(await fails(get(url, { limits: { totalMs: 600 } }), clock)).toBeInstanceOf(ProviderUnavailable);
  expect([seen.length, clock.slept]).toEqual([2, [250]]);
});

test('a POST is not repeated unless it is said to be harmless', async () => {
  const { url, seen } = await serve({ status: 503 });
  await fails({ method: 'POST', url: new URL(url), body: 'a=b' });
  expect(seen).toHaveLength(1);
  await fails({ method: 'POST', url: new URL(url), body: 'a=b', repeatable: true });
  expect(seen).toHaveLength(4);
});

test('a connection reset after any number of bytes is ProviderUnavailable, and one repeat mends it', async () => {
  const whole = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 11\r\n\r\n{"ok":true}';
  for (let bytes = 0; bytes < whole.length; bytes += 3) {
    let requests = 0;
    const server = await rawLoopback((socket) => {
      requests += 1;
      if (requests === 2) socket.end(whole);
      else if (bytes === 0) socket.resetAndDestroy();
      else socket.write(whole.slice(0, bytes), () => socket.resetAndDestroy());
    });
    expect((await requestJson(get(server.url), virtualClock())).body).toEqual({ ok: true });
    await server.close();
  }
});

test('nobody listening, a name that does not exist and talk that is not HTTP are ProviderUnavailable', async () => {
  const gone = await loopback(() => undefined);
  await gone.close();
  const strange = await rawLoopback((socket) => socket.end('SSH-2.0-OpenSSH_9.6\r\n'));
  open.push(strange);
  for (const url of [gone.url, strange.url, 'http://does-not-exist.invalid/']) {
    expect(await fails(get(url))).toBeInstanceOf(ProviderUnavailable);
  }
});

test.each<[string, Partial<HttpRequest['limits']>, (raw: import('node:net').Socket) => void]>([
  ['no answer', { headersMs: 100 }, () => undefined],
  ['a stall in the body', { bodyMs: 100 }, (socket) => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{')],
  [
    'a body that trickles',
    { totalMs: 400 },
    (socket) => {
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 900\r\n\r\n');
      const timer = setInterval(() => socket.write(' '), 20);
      socket.on('close', () => clearInterval(timer));
    },
  ],
])('%s ends in ProviderUnavailable in good time', async (_what, limits, answer) => {
  const server = await rawLoopback(answer);
  open.push(server);
  const begun = Date.now();
  // A POST, so that it is sent once; without the limit under test it would take half a minute.
  const request: HttpRequest = { method: 'POST', url: new URL(server.url), body: '', ...(limits && { limits }) };
  expect(await fails(request, clockFrom(Date.now))).toBeInstanceOf(ProviderUnavailable);
  expect(Date.now() - begun).toBeLessThan(6_000);
});

test('the status of an error stands, whatever becomes of its body', async () => {
  const server = await rawLoopback((socket) =>
    socket.write('HTTP/1.1 429 Slow\r\nretry-after: 9\r\ncontent-length: 900\r\n\r\n{', () => socket.resetAndDestroy()),
  );
  open.push(server);
  expect(await fails(get(server.url))).toMatchObject({ name: 'RateLimited', retryAfterMs: 9_000 });
});

test('a header that cannot be sent is our fault and is not quoted', async () => {
  const error = await fails(get('http://127.0.0.1:9/', { headers: { authorization: 'Bearer canary\nx: y' } }));
  expect(error).toBeInstanceOf(RequestRejected);
  expect(error.message).not.toContain('canary');
});

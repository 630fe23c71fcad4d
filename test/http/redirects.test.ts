import { afterEach, beforeEach, expect, test } from 'vitest';
import { type AppError, HostRefused, ResponseInvalid } from '#shared/domain/errors.ts';
import { hostRules } from '#shared/http/host-rules.ts';
import { openStream, type StreamAnswer } from '#shared/http/open-stream.ts';
import { type Loopback, loopback } from '#test/support/loopback.ts';
import { virtualClock } from '#test/support/virtual-clock.ts';

type Asked = { at: 'account' | 'storage'; path: string; authorization: string | undefined };

let account: Loopback;
let storage: Loopback;
let asked: Asked[] = [];
/** where each path leads to; a path that is not in it has the bytes */
let leads: Record<string, { status?: number; location?: string }> = {};

const server = (at: Asked['at']): Promise<Loopback> =>
  loopback((request, response) => {
    const path = request.url ?? '';
    asked.push({ at, path, authorization: request.headers.authorization });
    const lead = leads[path];
    if (!lead) return response.setHeader('content-type', 'audio/wav').end('bytes');
    const { status = 302, location } = lead;
    return response.writeHead(status, location === undefined ? {} : { location }).end('<a href="canary">moved</a>');
  });

beforeEach(async () => {
  [account, storage] = await Promise.all([server('account'), server('storage')]);
  asked = [];
  leads = {};
});
afterEach(() => Promise.all([account.close(), storage.close()]));

const openFirst = (...mediaHosts: string[]): Promise<StreamAnswer> =>
  openStream(
    {
      url: new URL(`${account.url}/0`),
      rules: hostRules({ baseUrl: `${account.url}/v2`, mediaHosts }),
      headers: { range: 'bytes=5-' },
      credentials: { authorization: 'Bearer canary' },
    },
    virtualClock(),
  );

const fails = (...mediaHosts: string[]): Promise<AppError> =>
  openFirst(...mediaHosts).then(
    () => expect.fail('answered'),
    (error) => error,
  );

const withCredentials = (): string[] =>
  asked.map(({ at, path, authorization }) => `${at} ${path} ${authorization === undefined ? 'without' : 'with'}`);

test.each([301, 302, 303, 307, 308])('%d is followed, also to a relative address', async (status) => {
  leads = { '/0': { status, location: '/1' }, '/1': { status, location: 'deep/2?a=b#c' } };
  expect(await openFirst()).toMatchObject({ status: 200, url: new URL(`${account.url}/deep/2?a=b#c`) });
  expect(withCredentials()).toEqual(['account /0 with', 'account /1 with', 'account /deep/2?a=b with']);
});

test('three redirects are followed, the fourth is not', async () => {
  leads = { '/0': { location: '/1' }, '/1': { location: '/2' }, '/2': { location: '/3' } };
  expect((await openFirst()).status).toBe(200);
  leads['/3'] = { location: '/4' };
  asked = [];
  expect(await fails()).toBeInstanceOf(ResponseInvalid);
  expect(asked.map(({ path }) => path)).toEqual(['/0', '/1', '/2', '/3']);
  leads = { '/0': { location: '/0' } };
  expect((await fails()).message).toMatch(/^GET 127\.0\.0\.1:\d+: more than 3 redirects$/);
});

test('credentials stay behind when the account is left, and for ever', async () => {
  leads = { '/0': { location: `${storage.url}/1` }, '/1': { location: `${account.url}/2` }, '/2': { location: '/3' } };
  await openFirst(new URL(storage.url).host);
  expect(withCredentials()).toEqual([
    'account /0 with',
    'storage /1 without',
    'account /2 without',
    'account /3 without',
  ]);
});

test('an origin is scheme, host and port: no other gets credentials', async () => {
  const { port } = new URL(account.url);
  for (const host of [`localhost:${port}`, `127.0.0.2:${port}`, new URL(storage.url).host]) {
    asked = [];
    leads = { '/0': { location: `http://${host}/1` } };
    await openFirst(host).catch(() => undefined);
    expect(asked.filter(({ authorization }) => authorization !== undefined)).toHaveLength(1);
  }
  leads = { '/0': { location: `https://127.0.0.1:${port}/1` } };
  asked = [];
  await openFirst().catch(() => undefined);
  expect(asked).toHaveLength(1);
});

test('each target is judged: a host that nobody named is not asked, one of mediaHosts is, by its port', async () => {
  leads = { '/0': { location: `${storage.url}/1?secret=canary` } };
  const { host, hostname, port } = new URL(storage.url);
  for (const entries of [[], [hostname], [`${hostname}:${Number(port) + 1}`], [`localhost:${port}`]]) {
    const error = await fails(...entries);
    expect(error).toBeInstanceOf(HostRefused);
    expect(error.message).not.toContain('canary');
  }
  expect(asked.filter(({ at }) => at === 'storage')).toEqual([]);
  expect(await openFirst(host)).toMatchObject({ status: 200 });
});

test.each([undefined, '', 'http://', 'https://[::1', 'http://a b/', 'https://%/'])(
  'a redirect to %j is ResponseInvalid',
  async (location) => {
    leads = { '/0': location === undefined ? {} : { location } };
    expect(await fails()).toBeInstanceOf(ResponseInvalid);
    expect(asked).toHaveLength(1);
  },
);

test('the other headers go everywhere', async () => {
  const ranges: unknown[] = [];
  const ranged = await loopback((request, response) => {
    ranges.push(request.headers.range);
    response.end('bytes');
  });
  leads = { '/0': { location: `${ranged.url}/1` } };
  await openFirst(new URL(ranged.url).host);
  expect(ranges).toEqual(['bytes=5-']);
  await ranged.close();
});

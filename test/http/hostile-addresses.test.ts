import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { HostRefused, ResponseInvalid } from '#shared/domain/errors.ts';
import { hostRules } from '#shared/http/host-rules.ts';
import { openStream } from '#shared/http/open-stream.ts';
import { isPublicAddress } from '#shared/http/public-address.ts';
import { createPublicDispatcher } from '#shared/http/public-dispatcher.ts';
import { type Loopback, loopback, rawLoopback } from '#test/support/loopback.ts';
import { virtualClock } from '#test/support/virtual-clock.ts';
import { watchSockets } from '#test/support/watch-sockets.ts';
import { hostileAddresses, hostileNames } from './hostile-addresses.ts';

const clock = virtualClock();
const outside = createPublicDispatcher({ resolve: hostileNames, isPublic: isPublicAddress });
const watch = watchSockets();
let account: Loopback;

beforeAll(async () => {
  account = await loopback((request, response) => {
    const text = hostileAddresses[Number(request.url?.slice(1))] ?? '';
    // UTF-8 on the wire: Node writes the characters of a header as bytes.
    response.writeHead(302, { location: Buffer.from(text).toString('latin1') }).end();
  });
});
afterEach(() => watch.sockets.splice(0));
afterAll(async () => {
  watch.stop();
  await account.close();
});

const outcome = (url: URL): Promise<unknown> =>
  openStream({ url, rules: hostRules({ baseUrl: account.url, mediaHosts: [] }) }, clock, outside).then(
    () => 'asked',
    (error) => error,
  );

const isNoAddress = (text: string): boolean => URL.parse(text) === null;

test('the table holds at least 300 addresses that differ', () => {
  expect(new Set(hostileAddresses).size).toBeGreaterThanOrEqual(300);
});

test('no hostile address gets a packet', async () => {
  for (const text of hostileAddresses.filter((candidate) => !isNoAddress(candidate))) {
    const error = await outcome(new URL(text));
    expect(error, text).toBeInstanceOf(HostRefused);
    expect(String(error), text).not.toMatch(/canary|latest|password|passwd/);
  }
  expect(watch.attempts()).toEqual([]);
});

test('no redirect to a hostile address is followed', async () => {
  for (const [i, text] of hostileAddresses.entries()) {
    if (/[\t\n]/.test(text)) continue;
    const error = await outcome(new URL(`${account.url}/${i}`));
    // What is no URL, or is none any more once its bytes have been a header, leads nowhere.
    if (error instanceof ResponseInvalid) expect(isNoAddress(text) || /[^\x20-\x7e]/.test(text), text).toBe(true);
    else expect(error, text).toBeInstanceOf(HostRefused);
  }
  expect(new Set(watch.attempts())).toEqual(new Set([`127.0.0.1 ${new URL(account.url).port}`]));
});

test('what is no URL is nowhere to go', () => {
  const none = hostileAddresses.filter(isNoAddress);
  expect(none.length).toBeLessThan(30);
  expect(none).toContain('https://[::1%25lo]/');
});

test('a listener on loopback that nobody named gets no connection, under any name', async () => {
  let connections = 0;
  const server = await loopback((_request, response) => response.end());
  const { port } = new URL(server.url);
  const counted = await rawLoopback(() => {
    connections += 1;
  });
  for (const host of ['127.0.0.1', 'localhost', '[::1]', '2130706433', '127.0.0.1.nip.io', '0.0.0.0', 'LOCALHOST.']) {
    for (const scheme of ['http', 'https']) {
      expect(await outcome(new URL(`${scheme}://${host}:${port}/`))).toBeInstanceOf(HostRefused);
      expect(await outcome(new URL(`${scheme}://${host}:${new URL(counted.url).port}/`))).toBeInstanceOf(HostRefused);
    }
  }
  expect([connections, watch.attempts()]).toEqual([0, []]);
  await Promise.all([server.close(), counted.close()]);
});

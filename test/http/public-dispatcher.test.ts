import type { LookupAddress } from 'node:dns';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { type Dispatcher, request } from 'undici';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { HostRefused } from '#shared/domain/errors.ts';
import { isPublicAddress } from '#shared/http/public-address.ts';
import { createPublicDispatcher, type PublicNetwork } from '#shared/http/public-dispatcher.ts';
import { certificateFor } from '#test/support/certificate.ts';
import { watchSockets } from '#test/support/watch-sockets.ts';

const watch = watchSockets();
let server: Server;
let port = 0;
let asked: (string | undefined)[] = [];

beforeAll(async () => {
  const identity = certificateFor('files.example');
  setDefaultCACertificates([...getCACertificates('default'), identity.cert]);
  server = createServer(identity, (incoming, response) => {
    asked.push(incoming.headers.host);
    response.setHeader('connection', 'close').end('bytes');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ({ port } = server.address() as AddressInfo); // a server at a port has no other address
});
afterEach(() => {
  asked = [];
  watch.sockets.splice(0);
});
afterAll(async () => {
  watch.stop();
  await new Promise((resolve) => server.close(resolve));
});

const v4 = (address: string): LookupAddress => ({ address, family: 4 });

/** A network in which loopback is the one public address. */
const inverted = (addresses: (hostname: string, nth: number) => string[]): PublicNetwork & { lookups: string[] } => {
  const lookups: string[] = [];
  const resolve = async (hostname: string): Promise<LookupAddress[]> => {
    lookups.push(hostname);
    return addresses(hostname, lookups.length).map(v4);
  };
  return { resolve, isPublic: (address) => address === '127.0.0.1', lookups };
};

const get = (dispatcher: Dispatcher, host: string): Promise<unknown> =>
  request(`https://${host}:${port}/`, { dispatcher }).then(
    ({ body }) => body.text(),
    (error) => error,
  );

test('a name is looked up once, its address connected to, and TLS verified against the name', async () => {
  const network = inverted(() => ['127.0.0.1']);
  expect(await get(createPublicDispatcher(network), 'files.example')).toBe('bytes');
  expect([asked, network.lookups]).toEqual([[`files.example:${port}`], ['files.example']]);
  expect(watch.attempts()).toEqual([`127.0.0.1 ${port}`]);
});

test('a certificate of another name is refused before anything is asked', async () => {
  const error = await get(createPublicDispatcher(inverted(() => ['127.0.0.1'])), 'other.example');
  expect(error).toMatchObject({ code: 'ERR_TLS_CERT_ALTNAME_INVALID' });
  expect(asked).toEqual([]);
});

test('a name that changes its mind is judged anew with each connection, and by what is connected to', async () => {
  const network = inverted((_hostname, nth) => [nth === 1 ? '127.0.0.1' : '10.0.0.1']);
  const dispatcher = createPublicDispatcher(network);
  expect(await get(dispatcher, 'files.example')).toBe('bytes');
  expect(await get(dispatcher, 'files.example')).toBeInstanceOf(HostRefused);
  expect(watch.attempts()).toEqual([`127.0.0.1 ${port}`]);
});

test.each([
  ['one private address among public ones', ['203.0.114.1', '10.0.0.1', '203.0.114.2']],
  ['loopback behind a public one', ['203.0.114.1', '127.0.0.1']],
  ['no address', []],
  ['what is no address', ['files']],
])('%s refuses the name', async (_what, addresses) => {
  const network = { resolve: async () => addresses.map(v4), isPublic: isPublicAddress };
  const error = await get(createPublicDispatcher(network), 'files.example');
  expect(error).toBeInstanceOf(HostRefused);
  expect(String(error)).toBe('HostRefused: files.example: refused, not every address of it is public');
  expect(watch.attempts()).toEqual([]);
});

test.each(['127.0.0.1', '[::1]', '[::ffff:127.0.0.1]', '10.0.0.1', '2130706433'])(
  'a literal address that is not public is refused without a look-up: %s',
  async (host) => {
    const resolve = () => Promise.reject(new Error('looked up'));
    const error = await get(createPublicDispatcher({ resolve, isPublic: isPublicAddress }), host);
    expect(error).toBeInstanceOf(HostRefused);
    expect(watch.attempts()).toEqual([]);
  },
);

test('a name that nobody knows is a fault of the network, not a refusal', async () => {
  const unknown = Object.assign(new Error('no'), { code: 'ENOTFOUND' });
  const dispatcher = createPublicDispatcher({ resolve: () => Promise.reject(unknown), isPublic: isPublicAddress });
  expect(await get(dispatcher, 'files.example')).toBe(unknown);
});

test('all addresses are tried: the first that answers is used', async () => {
  const network = {
    ...inverted(() => ['127.0.0.9', '127.0.0.1']),
    isPublic: (address: string) => address.startsWith('127.'),
  };
  expect(await get(createPublicDispatcher(network), 'files.example')).toBe('bytes');
  expect(watch.attempts()).toEqual([`127.0.0.9 ${port}`, `127.0.0.1 ${port}`]);
});

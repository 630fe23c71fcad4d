import { beforeAll, expect, it } from 'vitest';
import type { ConnectionsFile } from '#shared/domain/connections.ts';
import { formatInstant } from '#shared/domain/instant.ts';
import { epoch } from '#test/support/records.ts';
import { connectionsFile, lookupOver } from './lookup-harness.ts';
import { ask, clock, lookup, opened, put, readings, setUpMediaLookup, stored } from './media-lookup.ts';

setUpMediaLookup();

const bytes = Buffer.from('twelve bytes');
const target = '/v1/conversations/support:call/media/a%2Fb';
let uuid: string;

beforeAll(async () => {
  const media = [await stored(bytes, { key: 'a/b' }), await stored(bytes, { key: 'c' })];
  uuid = (await put('call', { media })).uuid;
  await put('other', { media });
});

type Link = { href: string; expiresAt: string };
const post = async (path: string, headers: Record<string, string> = {}): Promise<Link> =>
  JSON.parse((await ask(`${path}/link`, headers, { method: 'POST' })).text);
const open = (href: string, headers: Record<string, string> = {}, method = 'GET') =>
  lookup.call(href, { headers, method });

it('opens the bytes without a header for five minutes, as path and query of this address', async () => {
  clock.now = epoch;
  const link = await post(target);
  expect(link).toEqual({
    href: expect.stringMatching(/^\/v1\/conversations\/support:call\/media\/a%2Fb\?link=/),
    expiresAt: formatInstant(epoch + 300_000),
  });
  expect(readings).toEqual([]);
  const whole = await open(link.href);
  expect([whole.status, whole.bytes]).toEqual([200, bytes]);
  expect(readings).toEqual([{ client: 'crm', conversation: 'support:call', kind: 'media:a/b' }]);
  const part = await open(link.href, { range: 'bytes=7-' });
  expect([part.status, part.text, part.headers['content-range']]).toEqual([206, 'bytes', 'bytes 7-11/12']);
  expect((await open(link.href, {}, 'HEAD')).headers['content-length']).toBe('12');
  // A player in a page of another origin may use it; what is asked for by header it may not.
  expect(part.headers['Cross-Origin-Resource-Policy']).toBe('cross-origin');
  expect((await ask(target)).headers['Cross-Origin-Resource-Policy']).toBe('same-origin');
  clock.now = epoch + 299_999;
  expect((await open(link.href)).status).toBe(200);
  clock.now = epoch + 300_000;
  expect((await open(link.href)).status).toBe(401);
  clock.now = epoch;
});

it('is the same file by uuid, and is for no other file, conversation or address', async () => {
  const { href } = await post(target);
  const link = href.slice(href.indexOf('?'));
  expect((await open(`/v1/conversations/${uuid}/media/a%2fb${link}`)).status).toBe(200);
  expect((await open(`/v1/conversations/support:call/media/c${link}`)).status).toBe(401);
  expect((await open(`/v1/conversations/support:call/media/nothing${link}`)).status).toBe(401);
  expect((await open(`/v1/conversations/support:other/media/a%2Fb${link}`)).status).toBe(401);
  expect((await open(`/v1/conversations/support:no/media/a%2Fb${link}`)).status).toBe(401);
  for (const path of ['/v1/conversations/support:call', '/v1/conversations', '/v1/connections']) {
    expect((await open(`${path}${link}`)).status).toBe(401);
  }
  expect((await open(`${target}/link${link}`, {}, 'POST')).status).toBe(401);
});

it('refuses each edited character, and any other text', async () => {
  const { href } = await post(target);
  const start = href.indexOf('link=') + 'link='.length;
  for (let i = start; i < href.length; i++) {
    for (const put of href[i] === 'A' ? ['B', ''] : ['A', '']) {
      expect((await open(href.slice(0, i) + put + href.slice(i + 1))).status).toBe(401);
    }
  }
  const path = href.slice(0, start);
  for (const text of ['a', 'a.b.c', '..', '%00', '%F0%9F%92%A9', '1.a.', `${'9'.repeat(15)}.${'a'.repeat(60)}.x`]) {
    expect((await open(path + text)).status).toBe(401);
  }
  expect((await open(path + 'a'.repeat(501))).status).toBe(400);
  expect((await open(`${href}&x=1`)).status).toBe(400);
});

it('one whose life was edited into another is refused: it ends no later than it was made to', async () => {
  const { href } = await post(target);
  expect((await open(href.replace(/link=\d+/, `link=${epoch + 9_000_000}`))).status).toBe(401);
});

/** The lookup as it is after the connections file changed. */
const after = (clients: ConnectionsFile['clients']) => lookupOver(opened.store, clock, { ...connectionsFile, clients });
const without = (clientId: string) => connectionsFile.clients.filter((client) => client.clientId !== clientId);

it('ends with its client, and with what the client may see', async () => {
  const { href } = await post(target);
  const crm = connectionsFile.clients.find(({ clientId }) => clientId === 'crm');
  if (!crm) throw new Error('the file has that client');
  expect((await after(without('crm')).call(href)).status).toBe(401);
  expect((await after([...without('crm'), { ...crm, scopes: ['conversations:read'] }]).call(href)).status).toBe(403);
  expect((await after([...without('crm'), { ...crm, connections: ['sales'] }]).call(href)).status).toBe(404);
  expect((await after([...without('crm'), { ...crm, connections: ['support'] }]).call(href)).status).toBe(200);
});

it('works for a static token too, and ends with the token', async () => {
  const { href } = await post(target, { authorization: 'Bearer token.with.dots' });
  expect((await open(href)).status).toBe(200);
  expect(readings).toEqual([expect.objectContaining({ client: expect.stringMatching(/^token-[0-9a-f]{16}$/) })]);
  const scopes = ['interaction-content:read' as const];
  const other = { token: 'another token', scopes, perMinute: 600 };
  expect((await after([...without('nobody').filter((one) => !('token' in one)), other]).call(href)).status).toBe(401);
});

it('is made only for a file that is there, by a client that may see it', async () => {
  const status = async (path: string, client: string, method = 'POST') => {
    const authorization = `Bearer ${await lookup.token(client)}`;
    return (await lookup.call(path, { method, headers: { authorization } })).status;
  };
  expect(await status('/v1/conversations/support:call/media/none/link', 'crm')).toBe(404);
  expect(await status('/v1/conversations/sales:none/media/c/link', 'limited')).toBe(404);
  expect(await status(`${target}/link`, 'reader')).toBe(403);
  expect(await status(`${target}/link?x=1`, 'crm')).toBe(400);
  expect(await status(`${target}/link`, 'crm', 'GET')).toBe(405);
  expect((await lookup.call(`${target}/link`, { method: 'POST' })).status).toBe(401);
});

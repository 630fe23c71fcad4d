import { describe, expect, test } from 'vitest';
import { connectionsFileSchema } from '#shared/domain/connections.ts';
import type { Store } from '#shared/storage/document-client.ts';
import { connectionsFile, type HttpAnswer, lookupOver } from './lookup-harness.ts';
import { clock, lookup as closed, setUpLookupTable, store } from './lookup-table.ts';

setUpLookupTable();

const origin = 'https://desk.example:8443';
const local = 'http://localhost:3000';
const file = { ...connectionsFile, corsOrigins: [origin, local] };
const lookup = lookupOver(store, clock, file);

const corsOf = ({ headers }: HttpAnswer) =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => name.startsWith('access-control-')));
const preflight = { method: 'OPTIONS', headers: { origin, 'access-control-request-method': 'GET' } };

describe('a page of an origin that the file names', () => {
  test.each([
    ['/v1/conversations', 'reader', 200],
    ['/v1/conversations', null, 401],
    ['/v1/conversations?ids=', 'reader', 400],
    ['/v1/conversations/support:none/transcript', 'crm', 404],
    ['/healthz', null, 200],
    ['/nowhere', null, 404],
  ])('may read the answer of %s to %s', async (target, client, status) => {
    // Not the one of the tests around, whose store opens later than this module.
    const own = lookupOver(store, clock, file);
    const token = client === null ? undefined : await own.token(client);
    const answer = await own.get(target, token, { origin });
    expect(answer.status).toBe(status);
    expect(answer.headers['vary']).toContain('Origin');
    expect(corsOf(answer)).toEqual({
      'access-control-allow-origin': origin,
      'access-control-expose-headers': 'ETag, Content-Range, Accept-Ranges, Content-Disposition, Retry-After, Location',
    });
  });

  test('is told by a preflight what it may send, without a token and without any work', async () => {
    const untouched = lookupOver({} as Store, clock, file, 0, {
      secrets: { read: () => Promise.reject(new Error('asked')) },
    });
    for (const target of ['/v1/conversations/a/media/b', '/oauth/token', '/nowhere']) {
      const answer = await untouched.call(target, preflight);
      expect([answer.status, answer.text, answer.headers['vary']]).toEqual([204, '', 'Origin']);
      expect(corsOf(answer)).toEqual({
        'access-control-allow-origin': origin,
        'access-control-allow-methods': 'GET, HEAD, POST, PUT, DELETE',
        'access-control-allow-headers': 'Authorization, Content-Type, Range, If-Range, If-Match, If-None-Match, Accept',
        'access-control-max-age': '7200',
      });
    }
  });

  test('keeps what the answer varies by already', async () => {
    const own = lookupOver(store, clock, file);
    const answer = await own.get('/v1/conversations/support:none/transcript', await own.token('crm'), {
      origin: local,
    });
    expect(answer.headers['access-control-allow-origin']).toBe(local);
  });
});

describe('any other page', () => {
  test.each([
    'https://desk.example',
    'https://desk.example:8443.evil.example',
    'http://desk.example:8443',
    'https://DESK.example:8443',
    'null',
    '*',
  ])('of %s gets no such header, and a preflight is a 405 as without any', async (foreign) => {
    const answer = await lookup.get('/healthz', undefined, { origin: foreign });
    expect([answer.status, answer.headers['vary'], corsOf(answer)]).toEqual([200, undefined, {}]);
    const asked = await lookup.call('/healthz', { ...preflight, headers: { ...preflight.headers, origin: foreign } });
    expect([asked.status, corsOf(asked)]).toEqual([405, {}]);
  });

  test('gets none where the file names no origin, which is the default', async () => {
    expect(connectionsFileSchema.parse({ connections: [] }).corsOrigins).toEqual([]);
    const answer = await closed.call('/healthz', preflight);
    expect([answer.status, corsOf(answer)]).toEqual([405, {}]);
  });
});

describe('the file takes as an origin', () => {
  const taken = (value: string) => connectionsFileSchema.safeParse({ connections: [], corsOrigins: [value] }).success;
  test.each([origin, local, 'http://localhost', 'https://a.example'])('%s', (value) => expect(taken(value)).toBe(true));
  test.each([
    '*',
    'null',
    'http://a.example',
    'https://a.example/',
    'https://A.example',
    'https://a.example:443',
    'https://*.example',
    'https://user@a.example',
    'http://localhost:99999',
    'http://localhost.evil.example',
  ])('not %s', (value) => expect(taken(value)).toBe(false));
});

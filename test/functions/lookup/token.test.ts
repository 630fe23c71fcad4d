import { decodeJwt } from 'jose';
import { describe, expect, test } from 'vitest';
import { epoch } from '#test/support/records.ts';
import { connectionsFile, lookupOver, secretValues } from './lookup-harness.ts';
import { clock, lookup, setUpLookupTable, store } from './lookup-table.ts';

setUpLookupTable();

const ask = (form: Record<string, string>, headers: Record<string, string> = {}, path = '/oauth/token') =>
  lookup.call(path, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    body: String(new URLSearchParams(form)),
  });
const grant = { grant_type: 'client_credentials' };
const basic = (id: string, secret: string) => ({
  authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`,
});

describe('the token endpoint', () => {
  const secret = secretValues['test/crm'] ?? '';

  test.each(['/oauth/token', '/Auth/connect/token'])('gives a token for form credentials at %s', async (path) => {
    const answer = await ask({ ...grant, client_id: 'crm', client_secret: secret }, {}, path);
    expect(answer.status).toBe(200);
    expect(answer.headers['cache-control']).toBe('no-store');
    const body = answer.json();
    expect(body).toMatchObject({
      token_type: 'Bearer',
      expires_in: 7200,
      scope: 'interaction-content:read operations:write',
    });
    expect((await lookup.get('/v1/conversations', body.access_token)).status).toBe(200);
  });

  test('takes Basic credentials, form-encoded or as they are', async () => {
    expect((await ask(grant, basic('crm', secret))).status).toBe(200);
    expect((await ask(grant, basic('crm', encodeURIComponent(secret)))).status).toBe(200);
    expect((await ask(grant, basic('crm', `${secret}x`))).status).toBe(401);
  });

  test('reads a body that came as base64', async () => {
    const body = String(new URLSearchParams({ ...grant, client_id: 'reader', client_secret: 'r' }));
    expect((await lookup.call('/oauth/token', { method: 'POST', body, base64: true })).status).toBe(200);
  });

  test('puts the client id and its scopes into the token, and nothing else of the client', async () => {
    const claims = decodeJwt(await lookup.token('limited', 'conversations:read'));
    const issuedAt = epoch / 1_000;
    expect(claims).toEqual({
      iss: 'earshot',
      sub: 'limited',
      scope: 'conversations:read',
      iat: issuedAt,
      exp: issuedAt + 7_200,
    });
  });

  test.each([
    ['no grant', {}, 400, 'invalid_request'],
    ['another grant', { grant_type: 'password' }, 400, 'unsupported_grant_type'],
    ['no credentials', grant, 401, 'invalid_client'],
    ['an unknown client', { ...grant, client_id: 'nobody', client_secret: 'r' }, 401, 'invalid_client'],
    ['a wrong secret', { ...grant, client_id: 'reader', client_secret: 'R' }, 401, 'invalid_client'],
    ['an empty secret', { ...grant, client_id: 'reader', client_secret: '' }, 401, 'invalid_client'],
    [
      'a scope the client has not',
      { ...grant, client_id: 'reader', client_secret: 'r', scope: 'interaction-content:read' },
      400,
      'invalid_scope',
    ],
    [
      'a scope nobody knows',
      { ...grant, client_id: 'reader', client_secret: 'r', scope: 'conversations:read all' },
      400,
      'invalid_scope',
    ],
    [
      'a scope named like a member of every object',
      { ...grant, client_id: 'reader', client_secret: 'r', scope: 'constructor' },
      400,
      'invalid_scope',
    ],
  ])('answers %s in the shape of OAuth', async (_, form, status, error) => {
    const answer = await ask(form);
    expect(answer.status).toBe(status);
    expect(answer.json()).toEqual({ error, error_description: expect.any(String) });
    expect('www-authenticate' in answer.headers).toBe(status === 401);
  });

  test('refuses repeated parameters, other content types, a query, two kinds of credentials', async () => {
    const twice = await lookup.call('/oauth/token', {
      method: 'POST',
      body: 'grant_type=client_credentials&grant_type=x',
    });
    const json = await ask(grant, { 'content-type': 'application/json' });
    const query = await ask(grant, {}, '/oauth/token?client_id=reader&client_secret=r');
    const both = await ask({ ...grant, client_id: 'reader', client_secret: 'r' }, basic('reader', 'r'));
    for (const answer of [twice, json, query, both]) {
      expect(answer.status).toBe(400);
      expect(answer.json().error).toBe('invalid_request');
    }
  });

  test('gives a scope that the client has under another name', async () => {
    expect(decodeJwt(await lookup.token('crm', 'interactions-public:read'))['scope']).toBe('interactions-public:read');
  });
});

describe('a token', () => {
  test('lives 7,200 seconds', async () => {
    const own = { now: epoch };
    const timed = lookupOver(store, own);
    const token = await timed.token('reader');
    own.now = epoch + 7_199_000;
    expect((await timed.get('/v1/conversations', token)).status).toBe(200);
    own.now = epoch + 7_201_000;
    expect((await timed.get('/v1/conversations', token)).status).toBe(401);
  });

  test('is refused when its client is gone, and loses what the client lost', async () => {
    const token = await lookup.token('crm');
    const without = { ...connectionsFile, clients: connectionsFile.clients.filter((one) => one.clientId !== 'crm') };
    expect((await lookupOver(store, clock, without).get('/v1/conversations', token)).status).toBe(401);
    const less = connectionsFile.clients.map((one) =>
      one.clientId === 'crm' ? { ...one, scopes: ['conversations:read' as const] } : one,
    );
    const lookupLess = lookupOver(store, clock, { ...connectionsFile, clients: less });
    expect((await lookupLess.get('/v1/conversations', token)).status).toBe(200);
    expect((await lookupLess.get('/v1/conversations?ids=a&include=transcript', token)).status).toBe(403);
  });

  test('is refused after any change of one character, without a signature, and signed for something else', async () => {
    const token = await lookup.token('reader');
    const [header = '', claims = ''] = token.split('.');
    const none = Buffer.from('{"alg":"none","typ":"JWT"}').toString('base64url');
    const forged = [
      `${none}.${claims}.`,
      `${header}.${claims}.`,
      `${header}.${claims}`,
      'x',
      `${token}a`,
      `a.${token}`,
    ];
    for (let i = 0; i < token.length - 1; i += 5)
      forged.push(`${token.slice(0, i)}${token[i] === 'A' ? 'B' : 'A'}${token.slice(i + 1)}`);
    for (const text of forged) expect((await lookup.get('/v1/conversations', text)).status, text).toBe(401);
  });

  test('may be a static one', async () => {
    expect((await lookup.get('/v1/conversations', 'token.with.dots')).status).toBe(200);
    expect((await lookup.get('/v1/conversations', 'token.with.dot')).status).toBe(401);
  });

  test('missing, of another kind or wrong is a 401 that says how to ask', async () => {
    const missing = await lookup.get('/v1/connections');
    expect(missing.status).toBe(401);
    expect(missing.headers['www-authenticate']).toBe('Bearer realm="earshot"');
    for (const authorization of ['Basic cmVhZGVyOnI=', 'Bearer', 'Bearer a b', 'x']) {
      const answer = await lookup.call('/v1/connections', { headers: { authorization } });
      expect(answer.status).toBe(401);
      expect(answer.headers['www-authenticate']).toContain('error="invalid_token"');
      expect(answer.json()).toEqual({ code: 'unauthorized', message: expect.any(String) });
    }
  });
});

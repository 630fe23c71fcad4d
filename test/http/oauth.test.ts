import { generateKeyPairSync } from 'node:crypto';
import { decodeProtectedHeader, jwtVerify } from 'jose';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { CredentialsRejected, ProviderUnavailable, RateLimited, ResponseInvalid } from '#shared/domain/errors.ts';
import { createTokenCache, type TokenRequest } from '#shared/http/oauth.ts';
import { type Loopback, loopback } from '#test/support/loopback.ts';
import { virtualClock } from '#test/support/virtual-clock.ts';

type Reply = { status?: number; headers?: Record<string, string>; body?: unknown };

const clock = virtualClock();
let server: Loopback;
let asked: { authorization: string | undefined; form: Record<string, string> }[] = [];
let reply: (n: number) => Reply;

beforeEach(async () => {
  asked = [];
  reply = (n) => ({ body: { access_token: `token-${n}`, expires_in: 3_600 } });
  server = await loopback(async (request, response) => {
    let sent = '';
    for await (const chunk of request) sent += String(chunk);
    asked.push({ authorization: request.headers.authorization, form: Object.fromEntries(new URLSearchParams(sent)) });
    const { status = 200, headers = {}, body } = reply(asked.length);
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body ?? {}));
  });
});
afterEach(() => server.close());

const tokenRequest = (more: Partial<TokenRequest> = {}): TokenRequest => ({
  tokenUrl: `${server.url}/oauth/token`,
  scope: null,
  credentials: { clientId: 'app', clientSecret: 'canary-secret' },
  ...more,
});

test('a token is asked for with Basic and a form, and kept', async () => {
  const tokens = createTokenCache(clock);
  expect(await tokens.bearer(tokenRequest({ scope: 'a:read b:read' }))).toBe('token-1');
  expect(await tokens.bearer(tokenRequest({ scope: 'a:read b:read' }))).toBe('token-1');
  const basic = Buffer.from('app:canary-secret').toString('base64');
  expect(asked).toEqual([
    { authorization: `Basic ${basic}`, form: { grant_type: 'client_credentials', scope: 'a:read b:read' } },
  ]);
});

test('many callers at once make one request, and again after it failed', async () => {
  const tokens = createTokenCache(clock);
  reply = (n) => (n === 1 ? { status: 400 } : { body: { access_token: `token-${n}` } });
  const ask = () => Promise.allSettled(Array.from({ length: 20 }, () => tokens.bearer(tokenRequest())));
  expect((await ask()).every(({ status }) => status === 'rejected')).toBe(true);
  expect(await ask()).toEqual(Array.from({ length: 20 }, () => ({ status: 'fulfilled', value: 'token-2' })));
  expect(asked).toHaveLength(2);
});

test.each([
  [3_600, 2_880],
  [7_200, 5_760],
  [200, 140],
  [100, 50],
  [2, 1],
  ['3600', 2_880],
  [undefined, 2_880],
  ['never', 2_880],
])('a token of %j s is used for %d s', async (expires_in, usedFor) => {
  const tokens = createTokenCache(clock);
  reply = (n) => ({ body: { access_token: `token-${n}`, expires_in } });
  await tokens.bearer(tokenRequest());
  clock.advance(usedFor * 1_000 - 1);
  expect(await tokens.bearer(tokenRequest())).toBe('token-1');
  clock.advance(1);
  expect(await tokens.bearer(tokenRequest())).toBe('token-2');
});

test('a dropped token is asked for anew, once, also when many drop it', async () => {
  const tokens = createTokenCache(clock);
  const first = await tokens.bearer(tokenRequest());
  tokens.drop(tokenRequest(), first);
  const second = await tokens.bearer(tokenRequest());
  tokens.drop(tokenRequest(), first);
  expect([first, second, await tokens.bearer(tokenRequest())]).toEqual(['token-1', 'token-2', 'token-2']);
});

test('accounts do not share a token', async () => {
  const tokens = createTokenCache(clock);
  await tokens.bearer(tokenRequest());
  await tokens.bearer(tokenRequest({ credentials: { clientId: 'other', clientSecret: 'x' } }));
  await tokens.bearer(tokenRequest({ tokenUrl: `${server.url}/other/token` }));
  await tokens.bearer(tokenRequest({ scope: 'less' }));
  expect(asked).toHaveLength(4);
});

test.each<[string, Reply, unknown]>([
  [
    '400 invalid_client',
    { status: 400, body: { error: 'invalid_client', error_description: 'Canary' } },
    CredentialsRejected,
  ],
  ['401', { status: 401 }, CredentialsRejected],
  ['403', { status: 403 }, CredentialsRejected],
  ['404: no such account', { status: 404 }, CredentialsRejected],
  ['429', { status: 429, headers: { 'retry-after': '30' } }, RateLimited],
  ['500', { status: 500 }, ProviderUnavailable],
  ['no token in a 200', { body: { token: 'Canary' } }, ResponseInvalid],
  ['a token no header can carry', { body: { access_token: 'canary\ntoken' } }, ResponseInvalid],
])('%s', async (_what, answer, kind) => {
  reply = () => answer;
  const error = await createTokenCache(clock)
    .bearer(tokenRequest())
    .catch((thrown) => thrown);
  expect(error).toBeInstanceOf(kind);
  expect(`${error.message} ${error.stack} ${JSON.stringify(error)}`).not.toMatch(/canary|Basic/i);
});

test('a fault of the token address is mended by asking again', async () => {
  reply = (n) => (n < 3 ? { status: 503 } : { body: { access_token: 'late', expires_in: 60 } });
  expect(await createTokenCache(clock).bearer(tokenRequest())).toBe('late');
});

test.each(['ec', 'rsa'] as const)('a signed statement stands for the secret, with an %s key', async (type) => {
  const { privateKey, publicKey } =
    type === 'ec'
      ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
      : generateKeyPairSync('rsa', { modulusLength: 2048 });
  const pem = String(privateKey.export({ type: 'pkcs8', format: 'pem' }));
  const request = tokenRequest({ credentials: { clientId: 'app', keyId: 'key-7', privateKey: pem } });
  await createTokenCache(clock).bearer(request);
  const { client_assertion: jwt = '', ...form } = asked[0]?.form ?? {};
  expect(form).toEqual({
    grant_type: 'client_credentials',
    client_id: 'app',
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
  });
  expect(asked[0]?.authorization).toBeUndefined();
  expect(decodeProtectedHeader(jwt)).toMatchObject({ alg: type === 'ec' ? 'ES256' : 'RS256', kid: 'key-7' });
  const now = Math.floor(clock.now() / 1_000);
  const { payload } = await jwtVerify(jwt, publicKey, { currentDate: new Date(clock.now()) });
  expect(payload).toMatchObject({ iss: 'app', sub: 'app', aud: request.tokenUrl, iat: now, exp: now + 300 });
  expect(payload.jti).toMatch(/^[0-9a-f-]{36}$/);
});

test('a private key that is none is CredentialsRejected and not quoted', async () => {
  const ed = String(generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }));
  for (const privateKey of ['canary-key', '-----BEGIN PRIVATE KEY-----\ncanary\n-----END PRIVATE KEY-----', ed]) {
    const request = tokenRequest({ credentials: { clientId: 'app', keyId: 'k', privateKey } });
    const error = await createTokenCache(clock)
      .bearer(request)
      .catch((thrown) => thrown);
    expect(error).toBeInstanceOf(CredentialsRejected);
    expect(error.message).not.toContain('canary');
  }
  expect(asked).toHaveLength(0);
});

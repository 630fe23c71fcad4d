import { createServer } from 'node:http';
import { expect, test } from 'vitest';
import { ConfigInvalid, CredentialsRejected, ResponseInvalid } from '#shared/domain/errors.ts';
import { openSession } from '#shared/ingest/session.ts';
import {
  account,
  caught,
  connect,
  connector,
  options,
  paths,
  type Reply,
  setUpSessionAccount,
} from '#test/support/session-account.ts';

setUpSessionAccount();

test('a static token needs no token request, also where the provider knows OAuth', async () => {
  account.secrets = { key: JSON.stringify({ token: 'canary-key' }) };
  const session = await openSession(connect({ credentials: { secret: 'key' } }), connector, options());
  await session.getJson('/things');
  expect(account.asked).toMatchObject([{ url: '/v2/things', authorization: 'Bearer canary-key' }]);
});

test('a token that ended early is renewed once, also for requests in flight together', async () => {
  let valid = 'canary-1';
  account.reply = ({ url, authorization }) => {
    if (url === '/token')
      return { body: { access_token: `canary-${account.asked.filter((a) => a.url === '/token').length}` } };
    return authorization === `Bearer ${valid}` ? {} : { status: 401 };
  };
  const session = await openSession(connect(), connector, options());
  await session.getJson('/a');
  valid = 'canary-2';
  await Promise.all(['/b', '/c', '/d'].map((path) => session.getJson(path)));
  expect(paths().filter((path) => path === 'POST /token')).toHaveLength(2);
  expect(account.secretReads).toEqual([false]);
});

test('a 401 with a fresh token is CredentialsRejected, and nothing more is account.asked in this run', async () => {
  account.reply = ({ url }) =>
    url === '/token' ? { body: { access_token: 'canary' } } : { status: 401, body: { error: 'canary' } };
  const session = await openSession(connect(), connector, options());
  expect(await caught(session.getJson('/a'))).toBeInstanceOf(CredentialsRejected);
  const before = account.asked.length;
  expect(before).toBe(4);
  expect(account.secretReads).toEqual([false, true]);
  expect(await caught(session.getJson('/b'))).toBeInstanceOf(CredentialsRejected);
  expect(account.asked).toHaveLength(before);
});

test('credentials that were rotated meanwhile are read anew, with a secret and with a static token', async () => {
  const rotated = { clientId: 'app', clientSecret: 'new' };
  const basic = `Basic ${Buffer.from('app:new').toString('base64')}`;
  account.reply = ({ url, authorization }) => {
    if (url !== '/token') return authorization === 'Bearer fresh' ? {} : { status: 401 };
    return authorization === basic ? { body: { access_token: 'fresh' } } : { status: 401 };
  };
  const session = await openSession(connect(), connector, options());
  account.secrets['app'] = JSON.stringify(rotated);
  await expect(session.getJson('/a')).resolves.toBeDefined();

  account.secrets['key'] = JSON.stringify({ token: 'stale' });
  const byToken = await openSession(connect({ credentials: { secret: 'key' } }), connector, options());
  account.secrets['key'] = JSON.stringify({ token: 'fresh' });
  await Promise.all([byToken.getJson('/a'), byToken.getJson('/b')]);
  expect(account.secretReads.filter((fresh) => fresh)).toHaveLength(2);
});

test('an old token of the same client is not used again after the secret was read anew', async () => {
  let secretInUse = 'canary-secret';
  account.reply = ({ url, authorization }) => {
    if (url !== '/token') return authorization === 'Bearer good' ? {} : { status: 401 };
    const sent = Buffer.from(authorization?.slice(6) ?? '', 'base64').toString();
    return { body: { access_token: sent === 'app:rotated' ? 'good' : `bad-${secretInUse}` } };
  };
  const session = await openSession(connect(), connector, options());
  secretInUse = 'rotated';
  account.secrets['app'] = JSON.stringify({ clientId: 'app', clientSecret: 'rotated' });
  await expect(session.getJson('/a')).resolves.toBeDefined();
});

test.each<[string, Reply]>([
  ['refused', { status: 401 }],
  ['for an account that does not exist', { status: 404 }],
  ['forbidden', { status: 403 }],
])('a token request that is %s is CredentialsRejected, never a fact about a record', async (_what, answer) => {
  account.reply = () => answer;
  const session = await openSession(connect(), connector, options());
  expect(await caught(session.getJson('/things/7'))).toBeInstanceOf(CredentialsRejected);
});

test.each<[string, string | undefined]>([
  ['no JSON', 'canary'],
  ['a JSON text', '"canary"'],
  ['no secret in it', '{"clientId":"canary"}'],
  ['unknown keys', '{"clientId":"canary","clientSecret":"canary","more":1}'],
  ['a token with a line end', '{"token":"canary\\n"}'],
  ['nothing', undefined],
])('a secret that holds %s is CredentialsRejected and named, not quoted', async (_what, text) => {
  account.secrets = text === undefined ? {} : { app: text };
  const error = await caught(openSession(connect(), connector, options()));
  expect(error).toBeInstanceOf(CredentialsRejected);
  expect(error.message).toMatch(/^connection account-\d+: secret app[ :]/);
});

test('a client secret where only a token will do is CredentialsRejected; a missing address is ConfigInvalid', async () => {
  const session = await openSession(connect(), { ...connector, auth: { kind: 'token' } }, options());
  expect(await caught(session.getJson('/a'))).toBeInstanceOf(CredentialsRejected);
  expect(await caught(openSession(connect({ baseUrl: undefined }), connector, options()))).toBeInstanceOf(
    ConfigInvalid,
  );
  const noTokenUrl = await openSession(connect({ tokenUrl: undefined }), connector, options());
  expect(await caught(noTokenUrl.getJson('/a'))).toBeInstanceOf(ConfigInvalid);
});

test('credentials never leave the own address: not by a path, nor by a redirect', async () => {
  const stolen: string[] = [];
  const thief = createServer((request, response) => {
    stolen.push(request.headers.authorization ?? '');
    response.end('{}');
  });
  await new Promise<void>((resolve) => thief.listen(0, '127.0.0.1', resolve));
  const address = thief.address();
  const port = typeof address === 'object' ? address?.port : 0;
  account.reply = ({ url }) =>
    url === '/token'
      ? { body: { access_token: 'canary' } }
      : { status: 302, headers: { location: `http://127.0.0.1:${port}/` } };
  const session = await openSession(connect({ baseUrl: account.url() }), connector, options());
  for (const path of [
    `@127.0.0.1:${port}/`,
    `.127.0.0.1:${port}/`,
    `http://127.0.0.1:${port}/`,
    `:${port}/`,
    '',
    '/ok',
  ]) {
    expect(await caught(session.getJson(path))).toBeInstanceOf(ResponseInvalid);
  }
  await expect(session.getJson(`//127.0.0.1:${port}/`)).rejects.toThrow(ResponseInvalid);
  expect(stolen).toEqual([]);
  expect(paths().filter((path) => path.startsWith('GET'))).toEqual(['GET /ok', `GET //127.0.0.1:${port}/`]);
  thief.close();
});

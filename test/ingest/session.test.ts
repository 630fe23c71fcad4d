import { expect, test } from 'vitest';
import { NotAtProvider, RateLimited } from '#shared/domain/errors.ts';
import { openSession } from '#shared/ingest/session.ts';
import { readBudget } from '#shared/storage/budget.ts';
import {
  account,
  caught,
  connect,
  connector,
  options,
  paths,
  setUpSessionAccount,
} from '#test/support/session-account.ts';

setUpSessionAccount();

test('a request goes under the base address with a token, is paid for and counted', async () => {
  const connection = connect();
  const { store, ...rest } = options();
  const session = await openSession(connection, connector, { store, ...rest });
  expect(session.baseUrl).toBe(`${account.url()}/v2`);
  const answer = await session.getJson(
    '/things',
    [
      ['ids[]', 'a b'],
      ['ids[]', 'c'],
      ['after', '2026-03-02T09:14:07.123456Z'],
    ],
    3,
  );
  expect(answer).toMatchObject({ body: { ok: true }, sentAt: rest.clock.now(), servedAt: rest.clock.now() });
  expect(paths()).toEqual([
    'POST /token',
    'GET /v2/things?ids%5B%5D=a+b&ids%5B%5D=c&after=2026-03-02T09%3A14%3A07.123456Z',
  ]);
  expect(account.asked[1]?.authorization).toBe('Bearer canary-1');
  expect(session.usage()).toEqual({ requests: 1, cost: 3 });
  expect((await readBudget(store, connection.id)).minute?.used).toBe(3);
});

test('what an address announces is gathered under it, once', async () => {
  const announced = new Set<string>();
  account.reply = ({ url }) => {
    if (url === '/token') return { body: { access_token: 'canary' } };
    return url.includes('/old')
      ? { headers: { deprecation: '@1688169599', sunset: 'Sat, 31 Dec 2026 23:59:59 GMT' } }
      : {};
  };
  const session = await openSession(connect(), connector, { ...options(), announced });
  await session.getJson('/new');
  await session.getJson('/old/9b1f0c2d', [['after', 'x']]);
  await session.postJson('/old/7', {});
  expect([...announced]).toEqual(['deprecation=old.<id>']);
});

test('a 429 blocks the whole group till its time is over, and is never an empty answer', async () => {
  let busy = true;
  account.reply = ({ url }) =>
    url === '/token'
      ? { body: { access_token: 'canary' } }
      : busy
        ? { status: 429, headers: { 'retry-after': '20' } }
        : {};
  const shared = { rateLimit: { group: 'team-429' } };
  const one = options();
  const session = await openSession(connect(shared), connector, one);
  expect(await caught(session.getJson('/a'))).toMatchObject({ name: 'RateLimited', retryAfterMs: 20_000 });
  const other = await openSession(connect(shared), connector, { ...one });
  const before = account.asked.length;
  expect(await caught(other.getJson('/b'))).toMatchObject({ name: 'RateLimited', retryAfterMs: 20_000 });
  expect(await caught(session.getJson('/b'))).toBeInstanceOf(RateLimited);
  expect(account.asked).toHaveLength(before);
  busy = false;
  one.clock.advance(20_000);
  await expect(other.getJson('/b')).resolves.toBeDefined();
});

test('the lane chooses the share; a spent share stops its own lane only', async () => {
  const session = await openSession(connect({ rateLimit: { perMinute: 10 } }), connector, options());
  session.setLane('backfill');
  for (let i = 0; i < 8; i++) await session.getJson('/old');
  expect(await caught(session.getJson('/old'))).toBeInstanceOf(RateLimited);
  await session.setLane('live');
  await expect(session.getJson('/new')).resolves.toBeDefined();
  expect(session.usage()).toEqual({ requests: 9, cost: 9 });
});

test('what the headers say of cost and of others is obeyed', async () => {
  account.reply = ({ url }) =>
    url === '/token' ? { body: { access_token: 'canary' } } : { headers: { 'x-cost': '3', 'x-left': '0' } };
  const connection = connect();
  const { store, ...rest } = options();
  const session = await openSession(connection, connector, { store, ...rest });
  await session.getJson('/a');
  expect(session.usage()).toEqual({ requests: 1, cost: 3 });
  expect((await readBudget(store, connection.id)).minute?.used).toBe(100);
  expect(await caught(session.getJson('/b'))).toBeInstanceOf(RateLimited);
  rest.clock.advance(60_000);
  await expect(session.getJson('/b')).resolves.toBeDefined();
});

test('repeats are paid for like first sendings, and errors tell of the budget too', async () => {
  let faults = 2;
  account.reply = ({ url }) => {
    if (url === '/token') return { body: { access_token: 'canary' } };
    return url === '/v2/gone' ? { status: 404, headers: { 'x-left': '0' } } : faults-- > 0 ? { status: 502 } : {};
  };
  const session = await openSession(connect(), connector, options());
  await session.getJson('/a');
  expect(session.usage()).toEqual({ requests: 3, cost: 3 });
  expect(await caught(session.getJson('/gone'))).toBeInstanceOf(NotAtProvider);
  expect(await caught(session.getJson('/a'))).toBeInstanceOf(RateLimited);
});

test("the budget's minute is the provider's", async () => {
  const connection = connect({ rateLimit: { perMinute: 2 } });
  const { store, ...rest } = options();
  const minute = Math.floor(rest.clock.now() / 60_000);
  account.reply = ({ url }) =>
    url === '/token'
      ? { body: { access_token: 'canary' } }
      : { headers: { date: new Date(rest.clock.now() + 59_999).toUTCString() } };
  const session = await openSession(connection, connector, { store, ...rest });
  await session.getJson('/a');
  rest.clock.advance(2_000);
  await session.getJson('/b');
  expect((await readBudget(store, connection.id)).minute?.index).toBe(minute + 1);
});

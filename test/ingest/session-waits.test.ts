import { expect, test } from 'vitest';
import { LeaseLost, ProviderUnavailable, RateLimited } from '#shared/domain/errors.ts';
import { openSession } from '#shared/ingest/session.ts';
import { blockBudget, readBudget, reserve } from '#shared/storage/budget.ts';
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

const minute = 60_000;
const token = { body: { access_token: 'canary' } };

/** Answers of the API in this order, the last for ever. */
function replies(...answers: readonly Reply[]): void {
  let next = 0;
  account.reply = ({ url }) => {
    if (url === '/token') return token;
    return answers[Math.min(next++, answers.length - 1)] ?? {};
  };
}

/** A session of the backfill lane on a clock that stands at the beginning of a minute. */
async function openPatient(rateLimit: Record<string, unknown>, keep: () => Promise<void> = async () => {}) {
  const { clock, ...rest } = options();
  clock.advance(minute - (clock.now() % minute));
  const connection = connect({ rateLimit });
  const session = await openSession(connection, connector, { clock, ...rest });
  const begun = clock.now();
  session.setLane('backfill', { until: begun + 5 * minute, keep });
  return { session, connection, clock, store: rest.store, begun };
}

test('a lane with patience waits for what is released, then for the next minute, before it pays', async () => {
  replies({});
  const { session, clock, begun } = await openPatient({ perMinute: 10 });
  const sentAt: number[] = [];
  for (let i = 0; i < 12; i++) {
    await session.getJson('/a');
    sentAt.push(Math.floor((clock.now() - begun) / 1_000));
  }
  expect(sentAt).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 20, 40, 60, 60]);
});

test('without patience it does not, nor for longer than its run has time', async () => {
  replies({});
  const { session, clock, begun } = await openPatient({ perMinute: 1 });
  await session.getJson('/a');
  session.setLane('live');
  expect(await caught(session.getJson('/b'))).toBeInstanceOf(RateLimited);
  session.setLane('backfill', { until: begun + minute, keep: async () => {} });
  expect(await caught(session.getJson('/b'))).toBeInstanceOf(RateLimited);
  expect(clock.now()).toBe(begun);
});

test('a request that was refused is asked again behind the pause, and only then', async () => {
  replies({ status: 429, headers: { 'retry-after': '20' } }, {});
  const { session, clock, begun } = await openPatient({ perMinute: 100 });
  await expect(session.getJson('/a')).resolves.toMatchObject({ body: { ok: true } });
  expect(clock.now() - begun).toBe(20_750);
  expect(paths().filter((path) => path === 'GET /v2/a')).toHaveLength(2);
  expect(session.usage().requests).toBe(2);
});

test('waiting that does not help makes the pauses longer, until the run ends', async () => {
  replies({ status: 429, headers: { 'retry-after': '20' } });
  const { session, store, connection, clock, begun } = await openPatient({ perMinute: 100 });
  expect(await caught(session.getJson('/a'))).toMatchObject({ name: 'RateLimited' });
  // 20, 40 and 80 seconds, of which the last is too long to be waited for.
  expect(clock.now() - begun).toBe(20_750 + 40_750);
  expect((await readBudget(store, connection.id)).blockedUntil - clock.now()).toBe(80_000);
  expect(paths().filter((path) => path === 'GET /v2/a')).toHaveLength(3);
});

test('a runner that loses its lease while it waits ends with that', async () => {
  replies({});
  const lost = new LeaseLost('gone');
  const { session, store, connection, clock, begun } = await openPatient({ perMinute: 100 }, () =>
    Promise.reject(lost),
  );
  await blockBudget(store, connection.id, begun + minute, begun);
  await expect(session.getJson('/a')).rejects.toBe(lost);
  expect(clock.now() - begun).toBeLessThan(10_000);
});

test('an hour is not waited for', async () => {
  replies({});
  const { session, store, connection, clock, begun } = await openPatient({ perHour: 5 });
  const claim = { limits: { perHour: 5 }, lane: 'live' as const, need: 1, want: 5, least: {} };
  await reserve(store, connection.id, claim, null, begun);
  expect(await caught(session.getJson('/a'))).toBeInstanceOf(RateLimited);
  expect(clock.now()).toBe(begun);
});

test('requests whose connection breaks do not keep others waiting for their answers', async () => {
  replies({ headers: { 'x-left': '2' } });
  const { session } = await openPatient({ perMinute: 100 });
  await session.getJson('/a');
  account.reply = ({ url }) => (url === '/token' ? token : { status: 502, headers: { 'x-left': '2' } });
  session.setLane('live');
  const errors = await Promise.all(['/b', '/c', '/d', '/e'].map((path) => caught(session.getJson(path))));
  for (const error of errors)
    expect([ProviderUnavailable, RateLimited].some((kind) => error instanceof kind)).toBe(true);
});

import { expect, test } from 'vitest';
import { connectionSchema } from '#shared/domain/connections.ts';
import { ProviderUnavailable, RateLimited } from '#shared/domain/errors.ts';
import type { HttpAnswer } from '#shared/http/request.ts';
import { openPaying, type Paying, type PayingHooks } from '#shared/ingest/paying.ts';
import type { Connector } from '#shared/providers/connector.ts';
import { readBudget as readBudgetOf } from '#shared/storage/budget.ts';
import { eventClock } from '#test/bench/event-clock.ts';
import { quickStore } from '#test/bench/quick-table.ts';

/** Requests to one account, whose answers the test gives by hand. */
function openAccount() {
  const clock = eventClock(29_000_000 * 60_000);
  const store = quickStore();
  const credentials = { token: 't' };
  const connection = connectionSchema.parse({ id: 'acme', provider: 'salesloft', credentials });
  const readBudget: Connector['readBudget'] = ({ 'x-left': left }) =>
    left === undefined ? {} : { remainingMinute: Number(left) };
  const paying = openPaying(store, connection, { rateLimit: { perMinute: 100 }, readBudget }, clock);
  const answers: ((status: number) => void)[] = [];
  let sent = 0;
  const send = async ({ beforeSend, onAnswer }: PayingHooks): Promise<number> => {
    await beforeSend();
    sent += 1;
    const sentAt = clock.now();
    const status = await new Promise<number>((answer) => answers.push(answer));
    const answer: HttpAnswer = { status, headers: { 'retry-after': '9' }, body: Buffer.of(), sentAt, servedAt: sentAt };
    await onAnswer(answer);
    if (status === 429) throw new RateLimited('429', 9_000);
    return sent;
  };
  /** answers what is on its way */
  const answer = async (...statuses: readonly number[]): Promise<void> => {
    while (answers.length < statuses.length) await new Promise(setImmediate);
    const open = answers.splice(0);
    for (const [i, status] of statuses.entries()) open[i]?.(status);
  };
  return { paying, send, answer, sent: () => sent, clock, budget: () => readBudgetOf(store, connection.id) };
}

/** One answer that leaves room for a single request on its way. */
async function leaveLittle(paying: Paying, now: () => number): Promise<void> {
  const told = { status: 200, headers: { 'x-left': '4' }, body: Buffer.of() };
  await paying.run(1, async ({ beforeSend, onAnswer }) => {
    await beforeSend();
    await onAnswer({ ...told, sentAt: now(), servedAt: now() });
  });
}

test('who waits for room goes on when the connection of another breaks', async () => {
  const { paying, clock } = openAccount();
  await leaveLittle(paying, clock.now);
  const broken = paying.run(1, async ({ beforeSend }) => {
    await beforeSend();
    await clock.sleep(1_000);
    throw new ProviderUnavailable('ECONNRESET');
  });
  const waiting = paying.run(1, async ({ beforeSend }) => {
    await beforeSend();
    return clock.now();
  });
  const begun = clock.now();
  await expect(broken).rejects.toThrow(ProviderUnavailable);
  expect((await waiting) - begun).toBe(1_000);
});

test('a request that is sent again does not wait for its own first sending', async () => {
  const { paying, clock } = openAccount();
  await leaveLittle(paying, clock.now);
  const sendings = await paying.run(1, async ({ beforeSend }) => {
    await beforeSend();
    await beforeSend();
    return 2;
  });
  expect([sendings, paying.usage().requests]).toEqual([2, 3]);
});

test('refusals of requests in flight together count as one', async () => {
  const { paying, send, answer, clock, budget } = openAccount();
  const begun = clock.now();
  const running = [1, 2, 3].map(() => paying.run(1, send).catch((error) => error));
  await answer(429, 429, 429);
  for (const error of await Promise.all(running)) expect(error).toBeInstanceOf(RateLimited);
  expect((await budget()).blockedUntil - begun).toBe(9_000);
});

test('behind the first refusal nobody goes on, neither the one that was refused nor those that come later', async () => {
  const { paying, send, answer, sent, clock } = openAccount();
  paying.setLane('backfill', { until: clock.now() + 60_000, keep: async () => {} });
  const begun = clock.now();
  const first = paying.run(1, send);
  await answer(429);
  const later = [1, 2, 3].map(() => paying.run(1, send));
  await answer(200, 200, 200, 200);
  await Promise.all([first, ...later]);
  expect(sent()).toBe(5);
  expect(clock.now() - begun).toBe(9_750);
});

test('an answer between two refusals makes the next pause short again', async () => {
  const { paying, send, answer, clock, budget } = openAccount();
  const refusal = async (): Promise<number> => {
    const running = paying.run(1, send).catch((error) => error);
    await answer(429);
    await running;
    const pauseMs = (await budget()).blockedUntil - clock.now();
    await clock.sleep(pauseMs);
    return pauseMs;
  };
  expect([await refusal(), await refusal(), await refusal()]).toEqual([9_000, 18_000, 36_000]);
  const fine = paying.run(1, send);
  await answer(200);
  await fine;
  expect(await refusal()).toBe(9_000);
  expect(paying.usage()).toEqual({ requests: 5, cost: 5 });
});

import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import fc from 'fast-check';
import { beforeEach, expect, test, vi } from 'vitest';
import { RateLimited } from '#shared/domain/errors.ts';
import { openPurse, type Purse } from '#shared/ingest/purse.ts';
import type { BudgetReport } from '#shared/providers/connector.ts';
import { readBudget } from '#shared/storage/budget.ts';
import type { BudgetLane } from '#shared/storage/budget-share.ts';
import type { RateLimits } from '#shared/storage/budget-window.ts';
import { at, minute, newGroup, setUpBudgetTable, store } from '#test/support/budget-table.ts';

setUpBudgetTable();

/** the provider's clock */
let now = at(0);
beforeEach(() => {
  now = at(0);
});

const open = (group: string, limits: RateLimits): Purse => openPurse(store, group, limits, () => now);

/** A request from paying to its answer. */
async function ask(purse: Purse, report: BudgetReport = {}, lane: BudgetLane = 'live', cost = 1): Promise<void> {
  const sentAt = now;
  await purse.take(cost, lane);
  await purse.observe(report, cost, sentAt);
  purse.land(cost);
}

/** How many requests of cost 1 are paid for before the budget says no. */
async function spendAll(purse: Purse, lane: BudgetLane): Promise<number> {
  for (let spent = 0; ; spent++) {
    const refused = await purse.take(1, lane).catch((error) => error);
    if (refused instanceof RateLimited) return spent;
    if (refused) throw refused;
    purse.land(1);
  }
}

async function writesOf(act: () => Promise<unknown>): Promise<number> {
  const send = vi.spyOn(store.documents, 'send');
  await act();
  const writes = send.mock.calls.filter(([command]) => command instanceof UpdateCommand).length;
  send.mockRestore();
  return writes;
}

test('an idle run costs one write of one token, a busy one few', async () => {
  const group = newGroup();
  const purse = open(group, { perMinute: 600 });
  expect(await writesOf(() => ask(purse))).toBe(1);
  expect((await readBudget(store, group)).minute?.used).toBe(1);
  expect(await writesOf(() => spendAll(purse, 'live'))).toBeLessThanOrEqual(24);
});

test('every token of a window can be spent, by one run or by several', async () => {
  expect(await spendAll(open(newGroup(), { perMinute: 57 }), 'live')).toBe(57);
  const group = newGroup();
  const spent = await Promise.all([1, 2, 3].map(() => spendAll(open(group, { perMinute: 57 }), 'live')));
  expect(spent.reduce((sum, each) => sum + each)).toBe(57);
});

test('requests in flight together pay one after the other', async () => {
  const group = newGroup();
  const purse = open(group, { perMinute: 600 });
  const take = () => purse.take(1, 'live');
  expect(await writesOf(() => Promise.all(Array.from({ length: 7 }, take)))).toBe(3);
  expect((await readBudget(store, group)).minute?.used).toBe(21);
});

test('what is left over ends with its window', async () => {
  const group = newGroup();
  const purse = open(group, { perMinute: 40 });
  now = at(59);
  for (let i = 0; i < 4; i++) await ask(purse);
  now = at(60);
  await ask(purse);
  expect((await readBudget(store, group)).minute).toEqual({ index: minute + 1, used: 2 });
  expect((await spendAll(purse, 'live')) + 1).toBe(40);
});

test('backfill leaves a fifth at first, also of what the live lane holds, and gets it step by step', async () => {
  const purse = open(newGroup(), { perMinute: 100 });
  expect(await spendAll(purse, 'backfill')).toBe(80);
  expect(await spendAll(purse, 'due')).toBe(10);
  for (let i = 0; i < 3; i++) await ask(purse);
  expect(await spendAll(purse, 'backfill')).toBe(0);
  now = at(20);
  expect(await spendAll(purse, 'backfill')).toBe(0);
  now = at(30);
  expect(await spendAll(purse, 'backfill')).toBe(2);
  now = at(40);
  expect(await spendAll(purse, 'backfill')).toBe(5);
});

test('another integration that eats half of the budget is noticed, and nothing is asked for in vain', async () => {
  const group = newGroup();
  const limit = 100;
  const purse = open(group, { perMinute: limit });
  let used = 0;
  let refusedByProvider = 0;
  for (;;) {
    const refused = await purse.take(1, 'live').catch((error) => error);
    if (refused) break;
    if (used >= limit) refusedByProvider += 1;
    used = Math.min(limit, used + 2);
    await purse.observe({ remainingMinute: limit - used }, 1, now);
    purse.land(1);
  }
  // What the other takes at once is left to it.
  expect(used).toBeGreaterThanOrEqual(limit - 4);
  expect(refusedByProvider).toBe(0);
  // The last news are too small for a write of their own; they are kept and obeyed by this run.
  expect((await readBudget(store, group)).minute?.used).toBeGreaterThan(limit * 0.9);
});

test('news of others reaches the table at once when it is large, and costs no write when it is small', async () => {
  const group = newGroup();
  const purse = open(group, { perMinute: 100 });
  await purse.take(1, 'live');
  expect(await writesOf(() => purse.observe({ remainingMinute: 97 }, 1, now))).toBe(0);
  expect(await writesOf(() => purse.observe({ remainingMinute: 99 }, 1, now))).toBe(0);
  await purse.observe({ remainingMinute: 40 }, 1, now);
  expect((await readBudget(store, group)).minute?.used).toBe(60);
  purse.land(1);
  now = at(61);
  await purse.observe({ remainingMinute: 2 }, 1, now);
  expect(await spendAll(purse, 'live')).toBe(100);
});

test('that nothing is left is written, however little it is', async () => {
  const group = newGroup();
  const purse = open(group, { perMinute: 100 });
  for (let i = 0; i < 97; i++) await ask(purse);
  await purse.observe({ remainingMinute: 0 }, 1, now);
  expect((await readBudget(store, group)).minute?.used).toBe(100);
});

test('an answer of a minute that has passed says nothing of the next', async () => {
  const group = newGroup();
  const [late, ahead] = [open(group, { perMinute: 100 }), open(group, { perMinute: 100 })];
  now = at(60.2);
  await ask(ahead);
  now = at(59.9);
  await ask(late, { remainingMinute: 0 });
  const sentAt = now;
  await late.take(1, 'live').catch(() => undefined);
  now = at(61);
  await late.observe({ remainingMinute: 0 }, 1, sentAt);
  await expect(ask(late)).resolves.toBeUndefined();
});

test('a request that cost more than was paid is paid for afterwards', async () => {
  const group = newGroup();
  const purse = open(group, { perMinute: 100 });
  await ask(purse, { cost: 8 });
  await ask(purse);
  expect((await readBudget(store, group)).minute?.used).toBeGreaterThanOrEqual(9);
});

test('after a 429 nobody of the group asks, whatever is left in the books', async () => {
  const group = newGroup();
  const [one, other] = [open(group, { perMinute: 100 }), open(group, { perMinute: 100 })];
  for (let i = 0; i < 3; i++) await ask(one);
  await one.block(at(30));
  now = at(10);
  for (const purse of [one, other]) {
    const refused = await ask(purse).catch((error) => error);
    expect(refused).toMatchObject({ name: 'RateLimited', retryAfterMs: 20_000 });
  }
  now = at(30);
  await expect(ask(other)).resolves.toBeUndefined();
});

test('who is paying when the 429 comes does not go on', async () => {
  const purse = open(newGroup(), { perMinute: 100 });
  await purse.take(1, 'live');
  const send = vi.spyOn(store.documents, 'send');
  const paying = purse.take(1, 'live').catch((error) => error);
  // A chunk is on its way from the table, which knows of no block yet.
  while (send.mock.calls.length === 0) await new Promise(setImmediate);
  const blocking = purse.block(at(60));
  expect(await paying).toBeInstanceOf(RateLimited);
  await blocking;
  send.mockRestore();
});

test('without limits nothing is counted, but a block holds', async () => {
  const group = newGroup();
  const purse = open(group, {});
  expect(await writesOf(() => Promise.all([1, 2, 3].map((cost) => purse.take(cost, 'backfill'))))).toBe(0);
  await purse.block(at(30));
  now = at(1);
  for (const blocked of [purse, open(group, {})]) {
    await expect(blocked.take(1, 'live')).rejects.toThrow(RateLimited);
  }
});

test('several runs, lanes, costs and noisy headers never pay for more than the limit in a window', async () => {
  const step = fc.record({
    runner: fc.nat(2),
    lane: fc.constantFrom('live' as const, 'due' as const, 'backfill' as const),
    cost: fc.integer({ min: 1, max: 4 }),
    moveMs: fc.nat(6_000),
    remaining: fc.option(fc.nat(30), { nil: undefined }),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(step, { minLength: 1, maxLength: 4 }), { minLength: 4, maxLength: 12 }),
      async (rounds) => {
        const group = newGroup();
        now = at(0);
        const purses = [0, 1, 2].map(() => open(group, { perMinute: 30 }));
        const paid = new Map<number, number>();
        for (const round of rounds) {
          await Promise.all(
            round.map(async ({ runner, lane, cost, remaining }) => {
              const purse = purses[runner];
              const refused = await purse?.take(cost, lane).catch((error) => error);
              if (refused instanceof RateLimited) return;
              if (refused) throw refused;
              const window = Math.floor(now / 60_000);
              paid.set(window, (paid.get(window) ?? 0) + cost);
              const report = { cost, ...(remaining !== undefined && { remainingMinute: remaining }) };
              await purse?.observe(report, cost, now);
              purse?.land(cost);
            }),
          );
          now += Math.max(...round.map(({ moveMs }) => moveMs));
        }
        for (const total of paid.values()) expect(total).toBeLessThanOrEqual(30);
      },
    ),
    { numRuns: 25 },
  );
});

import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { RateLimited } from '#shared/domain/errors.ts';
import { openPurse, type Purse } from '#shared/ingest/purse.ts';
import { readBudget } from '#shared/storage/budget.ts';
import { at, minute, newGroup, store } from '#test/support/budget-table.ts';

/** How many requests of cost 1 are paid for before the budget says no. */
async function spendAll(purse: Purse, lane: 'live' | 'due' | 'backfill', now: number): Promise<number> {
  for (let spent = 0; ; spent++) {
    const refused = await purse.take(1, lane, now).catch((error) => error);
    if (refused instanceof RateLimited) return spent;
    if (refused) throw refused;
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
  const purse = openPurse(store, group, { perMinute: 600 });
  expect(await writesOf(() => purse.take(1, 'live', at(0)))).toBe(1);
  expect((await readBudget(store, group)).minute?.used).toBe(1);
  expect(await writesOf(() => spendAll(purse, 'live', at(1)))).toBeLessThanOrEqual(24);
});

test('every token of a window can be spent, by one run or by several', async () => {
  expect(await spendAll(openPurse(store, newGroup(), { perMinute: 57 }), 'live', at(0))).toBe(57);
  const group = newGroup();
  const spent = await Promise.all(
    [1, 2, 3].map(() => spendAll(openPurse(store, group, { perMinute: 57 }), 'live', at(0))),
  );
  expect(spent.reduce((sum, each) => sum + each)).toBe(57);
});

test('requests in flight together pay one after the other', async () => {
  const group = newGroup();
  const purse = openPurse(store, group, { perMinute: 600 });
  const take = () => purse.take(1, 'live', at(0));
  expect(await writesOf(() => Promise.all(Array.from({ length: 7 }, take)))).toBe(3);
  expect((await readBudget(store, group)).minute?.used).toBe(7);
});

test('what is left over ends with its window', async () => {
  const group = newGroup();
  const purse = openPurse(store, group, { perMinute: 40 });
  for (let i = 0; i < 4; i++) await purse.take(1, 'live', at(59));
  await purse.take(1, 'live', at(60));
  expect((await readBudget(store, group)).minute).toEqual({ index: minute + 1, used: 2 });
  expect((await spendAll(purse, 'live', at(61))) + 1).toBe(40);
});

test('backfill leaves a fifth, also of what the live lane holds', async () => {
  const purse = openPurse(store, newGroup(), { perMinute: 100 });
  expect(await spendAll(purse, 'backfill', at(0))).toBe(80);
  expect(await spendAll(purse, 'due', at(1))).toBe(10);
  for (let i = 0; i < 3; i++) await purse.take(1, 'live', at(2));
  expect(await spendAll(purse, 'backfill', at(3))).toBe(0);
  expect(await spendAll(purse, 'live', at(4))).toBe(7);
});

test('another integration that eats half of the budget is noticed, and nothing is asked for in vain', async () => {
  const group = newGroup();
  const limit = 100;
  const purse = openPurse(store, group, { perMinute: limit });
  let used = 0;
  let refusedByProvider = 0;
  for (;;) {
    const refused = await purse.take(1, 'live', at(5)).catch((error) => error);
    if (refused) break;
    if (used >= limit) refusedByProvider += 1;
    used = Math.min(limit, used + 2);
    await purse.observe({ remainingMinute: limit - used }, 1, at(5));
  }
  expect(used).toBe(limit);
  expect(refusedByProvider).toBe(0);
  // The last news are too small for a write of their own; they are kept and obeyed by this run.
  expect((await readBudget(store, group)).minute?.used).toBeGreaterThan(limit * 0.95);
});

test('news of others reaches the table at once when it is large, and costs no write when it is small', async () => {
  const group = newGroup();
  const purse = openPurse(store, group, { perMinute: 100 });
  await purse.take(1, 'live', at(0));
  expect(await writesOf(() => purse.observe({ remainingMinute: 97 }, 1, at(0)))).toBe(0);
  expect(await writesOf(() => purse.observe({ remainingMinute: 99 }, 1, at(0)))).toBe(0);
  await purse.observe({ remainingMinute: 40 }, 1, at(0));
  expect((await readBudget(store, group)).minute?.used).toBe(60);
  await purse.observe({ remainingMinute: 2 }, 1, at(61));
  expect(await spendAll(purse, 'live', at(62))).toBe(100);
});

test('an answer of a minute that another runner has already left says nothing of the next', async () => {
  const group = newGroup();
  const [late, ahead] = [openPurse(store, group, { perMinute: 100 }), openPurse(store, group, { perMinute: 100 })];
  await ahead.take(1, 'live', at(60.2));
  await late.take(1, 'live', at(59.9));
  await late.observe({ remainingMinute: 0 }, 1, at(59.9));
  await expect(late.take(1, 'live', at(61))).resolves.toBeUndefined();
});

test('a request that cost more than was paid is paid for afterwards', async () => {
  const group = newGroup();
  const purse = openPurse(store, group, { perMinute: 100 });
  await purse.take(1, 'live', at(0));
  await purse.observe({ cost: 8 }, 1, at(0));
  await purse.take(1, 'live', at(0));
  expect((await readBudget(store, group)).minute?.used).toBeGreaterThanOrEqual(9);
});

test('after a 429 nobody of the group asks, whatever is left in the books', async () => {
  const group = newGroup();
  const [one, other] = [openPurse(store, group, { perMinute: 100 }), openPurse(store, group, { perMinute: 100 })];
  for (let i = 0; i < 3; i++) await one.take(1, 'live', at(0));
  await one.block(at(30), at(0));
  for (const purse of [one, other]) {
    const refused = await purse.take(1, 'live', at(10)).catch((error) => error);
    expect(refused).toMatchObject({ name: 'RateLimited', retryAfterMs: 20_000 });
  }
  await expect(other.take(1, 'live', at(30))).resolves.toBeUndefined();
});

test('without limits nothing is counted, but a block holds', async () => {
  const group = newGroup();
  const purse = openPurse(store, group, {});
  expect(await writesOf(async () => Promise.all([1, 2, 3].map((cost) => purse.take(cost, 'backfill', at(0)))))).toBe(0);
  await purse.block(at(30), at(0));
  for (const blocked of [purse, openPurse(store, group, {})]) {
    await expect(blocked.take(1, 'live', at(1))).rejects.toThrow(RateLimited);
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
        const purses = [0, 1, 2].map(() => openPurse(store, group, { perMinute: 30 }));
        const paid = new Map<number, number>();
        let clock = at(0);
        for (const round of rounds) {
          await Promise.all(
            round.map(async ({ runner, lane, cost, remaining }) => {
              const purse = purses[runner];
              const refused = await purse?.take(cost, lane, clock).catch((error) => error);
              if (refused instanceof RateLimited) return;
              if (refused) throw refused;
              const window = Math.floor(clock / 60_000);
              paid.set(window, (paid.get(window) ?? 0) + cost);
              await purse?.observe(
                { cost, ...(remaining !== undefined && { remainingMinute: remaining }) },
                cost,
                clock,
              );
            }),
          );
          clock += Math.max(...round.map(({ moveMs }) => moveMs));
        }
        for (const total of paid.values()) expect(total).toBeLessThanOrEqual(30);
      },
    ),
    { numRuns: 25 },
  );
});

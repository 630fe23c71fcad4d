import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RateLimited } from '#shared/domain/errors.ts';
import {
  blockBudget,
  budgetGroup,
  budgetLimits,
  raiseUsed,
  readBudget,
  readBudgetState,
  reserve,
} from '#shared/storage/budget.ts';
import type { BudgetLane } from '#shared/storage/budget-share.ts';
import type { BudgetState, Claim } from '#shared/storage/budget-window.ts';
import { at, minute, newGroup, setUpBudgetTable, store } from '#test/support/budget-table.ts';

setUpBudgetTable();

const claim = (more: Partial<Claim> = {}): Claim => ({
  limits: { perMinute: 20 },
  lane: 'live',
  need: 1,
  want: 8,
  least: {},
  ...more,
});
const waitOf = (error: unknown): number => (error instanceof RateLimited ? error.retryAfterMs : Number.NaN);

test('tokens are counted up to the limit, refused till the minute ends, and there again in the next', async () => {
  const group = newGroup();
  const granted: number[] = [];
  let known: BudgetState | null = null;
  for (let i = 0; i < 3; i++) {
    const taken: Awaited<ReturnType<typeof reserve>> = await reserve(store, group, claim(), known, at(30));
    granted.push(taken.granted);
    known = taken.state;
  }
  expect(granted).toEqual([8, 8, 4]);
  expect(waitOf(await reserve(store, group, claim(), known, at(42)).catch((e) => e))).toBe(18_000);
  expect(waitOf(await reserve(store, group, claim(), null, at(42)).catch((e) => e))).toBe(18_000);
  expect((await reserve(store, group, claim(), known, at(60))).granted).toBe(8);
});

test('an old knowledge of the table does no harm', async () => {
  const group = newGroup();
  const { state } = await reserve(store, group, claim(), null, at(0));
  await reserve(store, group, claim(), null, at(1));
  expect((await reserve(store, group, claim(), state, at(2))).granted).toBe(4);
  await reserve(store, group, claim(), state, at(61));
  expect((await reserve(store, group, claim(), state, at(62))).state.minute).toEqual({ index: minute + 1, used: 16 });
});

test('minute and hour are counted together', async () => {
  const group = newGroup();
  const both = claim({ limits: { perMinute: 20, perHour: 30 }, want: 20 });
  expect((await reserve(store, group, both, null, at(0))).granted).toBe(20);
  expect((await reserve(store, group, both, null, at(60))).granted).toBe(10);
  expect(waitOf(await reserve(store, group, both, null, at(120)).catch((e) => e))).toBeGreaterThan(60_000);
});

test('a lower lane leaves the rest of the window to those above it', async () => {
  const group = newGroup();
  const take = async (lane: BudgetLane) =>
    (await reserve(store, group, claim({ lane, want: 100 }), null, at(0))).granted;
  expect([await take('backfill'), await take('due'), await take('live')]).toEqual([16, 2, 2]);
  for (const lane of ['backfill', 'due', 'live'] as const) await expect(take(lane)).rejects.toThrow(RateLimited);
});

test('a request dearer than the limit takes a whole window', async () => {
  const group = newGroup();
  expect((await reserve(store, group, claim({ need: 30, want: 30 }), null, at(0))).granted).toBe(20);
});

test('what others spent is written over a smaller count only, in its own window', async () => {
  const group = newGroup();
  await reserve(store, group, claim(), null, at(0));
  await raiseUsed(store, group, 'minute', minute, 15);
  await raiseUsed(store, group, 'minute', minute, 12);
  await raiseUsed(store, group, 'minute', minute + 1, 19);
  expect((await readBudget(store, group)).minute).toEqual({ index: minute, used: 15 });
  const { granted, state } = await reserve(
    store,
    group,
    claim({ least: { minute: { index: minute, used: 18 } } }),
    null,
    at(3),
  );
  expect([granted, state.minute?.used]).toEqual([2, 20]);
});

test('a block stops every runner, also one that has just looked, and is never moved nearer', async () => {
  const group = newGroup();
  const { state } = await reserve(store, group, claim(), null, at(0));
  await blockBudget(store, group, at(90), at(1));
  await blockBudget(store, group, at(50), at(1));
  for (const known of [state, null]) {
    expect(waitOf(await reserve(store, group, claim(), known, at(30)).catch((e) => e))).toBe(60_000);
  }
  expect((await reserve(store, group, claim(), null, at(90))).granted).toBe(8);
});

test('what a refusal taught is kept with its block, of several at once the first, and bounds the next windows', async () => {
  const group = newGroup();
  await reserve(store, group, claim(), null, at(0));
  await blockBudget(store, group, at(60), at(1), { index: minute, limit: null });
  expect((await readBudget(store, group)).refused).toEqual({ index: minute, limit: null });
  await blockBudget(store, group, at(120), at(61), { index: minute + 1, limit: 7.5 });
  await blockBudget(store, group, at(120), at(62), { index: minute + 1, limit: 3 });
  expect((await readBudget(store, group)).refused).toEqual({ index: minute + 1, limit: 7.5 });
  expect((await reserve(store, group, claim({ want: 100 }), null, at(120))).granted).toBe(7);
  await blockBudget(store, group, at(200), at(121));
  expect((await readBudget(store, group)).refused).toEqual({ index: minute + 1, limit: 7.5 });
  await blockBudget(store, group, at(240), at(201), { index: minute + 3, limit: null });
  expect((await readBudget(store, group)).refused).toEqual({ index: minute + 3, limit: null });
});

test('the lookup sees what is left and when it is full again, and nothing before the first request', async () => {
  const group = newGroup();
  const look = (seconds: number) => readBudgetState(store, group, { perMinute: 20 }, at(seconds));
  expect(await look(0)).toBeNull();
  await reserve(store, group, claim(), null, at(0));
  expect(await look(1)).toEqual({ remaining: 12, resetsAt: new Date(at(60)).toISOString() });
  expect(await look(61)).toEqual({ remaining: 20, resetsAt: new Date(at(120)).toISOString() });
});

test('a group is named or the connection itself, and its own limits go before those of the provider', () => {
  expect(budgetGroup({ id: 'a', rateLimit: {} })).toBe('a');
  expect(budgetGroup({ id: 'a', rateLimit: { group: 'team' } })).toBe('team');
  expect(budgetLimits({ rateLimit: { perMinute: 5 } }, { perMinute: 600, perHour: 9 })).toEqual({
    perMinute: 5,
    perHour: 9,
  });
});

test('runners whose clocks differ within a window never get more than its limit together', async () => {
  const step = fc.record({
    runner: fc.nat(3),
    skew: fc.integer({ min: -1_500, max: 1_500 }),
    moveMs: fc.nat(9_000),
    want: fc.integer({ min: 1, max: 9 }),
  });
  const limits = { perMinute: 20, perHour: 45 };
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(step, { minLength: 1, maxLength: 4 }), { minLength: 4, maxLength: 12 }),
      async (rounds) => {
        const group = newGroup();
        const known: (BudgetState | null)[] = [null, null, null, null];
        const granted = new Map<string, number>();
        const count = (window: string, more: number) => granted.set(window, (granted.get(window) ?? 0) + more);
        let clock = at(0);
        for (const round of rounds) {
          // The steps of a round are in flight together.
          await Promise.all(
            round.map(async ({ runner, skew, want }) => {
              const taken = await reserve(
                store,
                group,
                claim({ limits, want }),
                known[runner] ?? null,
                clock + skew,
              ).catch((error) => {
                if (error instanceof RateLimited) return null;
                throw error;
              });
              if (!taken) return;
              known[runner] = taken.state;
              count(`minute ${taken.state.minute?.index}`, taken.granted);
              count(`hour ${taken.state.hour?.index}`, taken.granted);
            }),
          );
          clock += Math.max(...round.map(({ moveMs }) => moveMs));
        }
        for (const [window, total] of granted)
          expect(total, window).toBeLessThanOrEqual(window.startsWith('hour') ? 45 : 20);
      },
    ),
    { numRuns: 25 },
  );
});

test('twenty runners at once share one window to the last token', async () => {
  const group = newGroup();
  const results = await Promise.all(
    Array.from({ length: 20 }, () =>
      reserve(store, group, claim({ want: 3 }), null, at(0)).catch(() => ({ granted: 0 })),
    ),
  );
  expect(results.reduce((sum, { granted }) => sum + granted, 0)).toBe(20);
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type BudgetLane,
  type BudgetState,
  type Claim,
  planClaim,
  remainingOf,
} from '#shared/storage/budget-window.ts';

const minute = 29_000_000;
const now = minute * 60_000 + 45_000;
const hour = Math.floor(now / 3_600_000);
const untouched: BudgetState = { minute: null, hour: null, blockedUntil: 0 };
const claim = (more: Partial<Claim> = {}): Claim => ({
  limits: { perMinute: 100 },
  lane: 'live',
  need: 1,
  want: 10,
  least: {},
  ...more,
});
const used = (count: number, index = minute): BudgetState => ({ ...untouched, minute: { index, used: count } });

test('a new minute begins at nothing and an old one is counted up', () => {
  expect(planClaim(untouched, claim(), now)).toMatchObject({
    granted: 10,
    spans: [{ how: 'begin', index: minute, used: 0 }],
  });
  expect(planClaim(used(99, minute - 1), claim(), now)).toMatchObject({ granted: 10, spans: [{ how: 'begin' }] });
  expect(planClaim(used(95), claim(), now)).toMatchObject({ granted: 5, spans: [{ how: 'add', used: 95 }] });
});

test('a spent minute makes wait for the next, a spent hour for the next hour', () => {
  expect(planClaim(used(100), claim(), now)).toEqual({ waitMs: 15_000 });
  expect(planClaim(used(96), claim({ need: 5 }), now)).toEqual({ waitMs: 15_000 });
  const state = { ...used(1), hour: { index: hour, used: 500 } };
  expect(planClaim(state, claim({ limits: { perMinute: 100, perHour: 500 } }), now)).toEqual({
    waitMs: (hour + 1) * 3_600_000 - now,
  });
  expect(planClaim(state, claim({ limits: { perMinute: 100, perHour: 503 } }), now)).toMatchObject({ granted: 3 });
});

test.each<[BudgetLane, number]>([
  ['live', 100],
  ['due', 90],
  ['backfill', 80],
])('%s ends at %d of 100', (lane, ceiling) => {
  expect(planClaim(used(ceiling - 1), claim({ lane }), now)).toMatchObject({ granted: 1 });
  expect(planClaim(used(ceiling), claim({ lane }), now)).toEqual({ waitMs: 15_000 });
});

test('a limit of one still lets the backfill ask', () => {
  expect(planClaim(untouched, claim({ lane: 'backfill', limits: { perMinute: 1 } }), now)).toMatchObject({
    granted: 1,
  });
});

test('what the provider said is used counts, in its own minute only', () => {
  expect(planClaim(used(10), claim({ least: { minute: { index: minute, used: 97 } } }), now)).toMatchObject({
    granted: 3,
    spans: [{ how: 'raise', used: 97 }],
  });
  expect(planClaim(used(10), claim({ least: { minute: { index: minute - 1, used: 97 } } }), now)).toMatchObject({
    granted: 10,
    spans: [{ how: 'add' }],
  });
});

test('a runner a little ahead is followed; a window that only a wrong clock can have opened is not', () => {
  expect(planClaim(used(98, minute + 1), claim(), now)).toMatchObject({ granted: 2, spans: [{ index: minute + 1 }] });
  expect(planClaim(used(98, minute + 1_440), claim(), now)).toMatchObject({
    granted: 10,
    spans: [{ how: 'begin', index: minute }],
  });
});

test('a block holds till its end, unless only a wrong clock can have set it', () => {
  const blocked = (ms: number): BudgetState => ({ ...used(0), blockedUntil: now + ms });
  expect(planClaim(blocked(20_000), claim(), now)).toEqual({ waitMs: 20_000 });
  expect(planClaim(blocked(0), claim(), now)).toMatchObject({ granted: 10 });
  expect(planClaim(blocked(86_400_000), claim(), now)).toMatchObject({ granted: 10 });
  expect(remainingOf(blocked(20_000), { perMinute: 100 }, now)).toEqual({ remaining: 0, resetsAt: now + 20_000 });
});

test('what is left is that of the scarcer window', () => {
  const state = { ...used(10), hour: { index: hour, used: 480 } };
  expect(remainingOf(state, { perMinute: 100 }, now)).toEqual({ remaining: 90, resetsAt: (minute + 1) * 60_000 });
  expect(remainingOf(state, { perMinute: 100, perHour: 500 }, now)).toEqual({
    remaining: 20,
    resetsAt: (hour + 1) * 3_600_000,
  });
  expect(remainingOf(used(100, minute - 1), { perMinute: 100 }, now)?.remaining).toBe(100);
  expect(remainingOf(state, {}, now)).toBeNull();
});

test('a plan never passes a limit, never grants less than was needed, and else names a wait within the window', () => {
  const span = (current: number) =>
    fc.option(fc.record({ index: fc.integer({ min: current - 2, max: current + 3 }), used: fc.nat(120) }));
  fc.assert(
    fc.property(
      fc.record({ minute: span(minute), hour: span(hour), blockedUntil: fc.constantFrom(0, now - 1, now + 5_000) }),
      fc.record({
        perMinute: fc.option(fc.integer({ min: 1, max: 100 }), { nil: undefined }),
        perHour: fc.option(fc.integer({ min: 1, max: 100 }), { nil: undefined }),
      }),
      fc.constantFrom<BudgetLane>('live', 'due', 'backfill'),
      fc.nat(130),
      (state, limits, lane, least) => {
        const plan = planClaim(state, claim({ limits, lane, least: { minute: { index: minute, used: least } } }), now);
        if ('waitMs' in plan) {
          expect(plan.waitMs).toBeGreaterThan(0);
          expect(plan.waitMs).toBeLessThanOrEqual(2 * 3_600_000);
          return;
        }
        expect(plan.granted).toBeGreaterThanOrEqual(1);
        for (const { used: before, span: name } of plan.spans) {
          expect(before + plan.granted).toBeLessThanOrEqual(
            (name === 'minute' ? limits.perMinute : limits.perHour) ?? 0,
          );
        }
      },
    ),
  );
});

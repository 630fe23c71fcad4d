import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { BudgetLane } from '#shared/storage/budget-share.ts';
import { type BudgetState, type Claim, planClaim, remainingOf } from '#shared/storage/budget-window.ts';

const minute = 29_000_000;
const now = minute * 60_000 + 45_000;
const hour = Math.floor(now / 3_600_000);
const untouched: BudgetState = { minute: null, hour: null, blockedUntil: 0, refused: null };
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

const begun = minute * 60_000;

test.each<[BudgetLane, number, number]>([
  ['live', 100, 60_000],
  ['due', 90, 20_000],
  ['backfill', 80, 10_000],
])('%s ends at %d of 100 when the minute begins, and waits for the next step', (lane, ceiling, waitMs) => {
  expect(planClaim(used(ceiling - 1), claim({ lane }), begun)).toMatchObject({ granted: 1 });
  expect(planClaim(used(ceiling), claim({ lane }), begun)).toEqual({ waitMs });
  expect(planClaim(used(ceiling), claim({ lane }), begun + waitMs)).toMatchObject({
    granted: lane === 'live' ? 10 : 5,
  });
});

test('in its last third a minute is free for every lane', () => {
  for (const lane of ['live', 'due', 'backfill'] as const) {
    expect(planClaim(used(95), claim({ lane }), begun + 40_000)).toMatchObject({ granted: 5 });
    expect(planClaim(used(100), claim({ lane }), begun + 40_000)).toEqual({ waitMs: 20_000 });
  }
});

test('the scarcer of minute and hour decides how long is waited', () => {
  const state = { ...used(80), hour: { index: hour, used: 800 } };
  const both = claim({ lane: 'backfill', limits: { perMinute: 100, perHour: 1_000 } });
  const hourMs = 3_600_000;
  expect(planClaim({ ...state, minute: null }, both, hour * hourMs)).toEqual({ waitMs: 600_000 });
  expect(planClaim(state, both, begun)).toEqual({ waitMs: 10_000 });
});

test('what refusals taught is the limit, shares and all, until it has grown back', () => {
  const state = { ...used(40, minute + 1), refused: { index: minute, limit: 50 } };
  expect(planClaim(state, claim({ want: 100 }), begun + 60_000)).toMatchObject({ granted: 10 });
  expect(planClaim(state, claim({ lane: 'backfill' }), begun + 60_000)).toEqual({ waitMs: 10_000 });
  expect(planClaim(state, claim({ need: 60 }), begun + 60_000)).toEqual({ waitMs: 60_000 });
  const fresh = { ...state, minute: null };
  expect(planClaim(fresh, claim({ need: 60, want: 60 }), begun + 60_000)).toMatchObject({ granted: 50 });
  expect(remainingOf(state, { perMinute: 100 }, begun + 60_000)?.remaining).toBe(10);
  const later = { ...state, minute: { index: minute + 70, used: 40 } };
  expect(planClaim(later, claim({ want: 100 }), begun + 70 * 60_000)).toMatchObject({ granted: 60 });
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

const anySpan = (current: number) =>
  fc.option(fc.record({ index: fc.integer({ min: current - 2, max: current + 3 }), used: fc.nat(120) }));
const anyState = fc.record({
  minute: anySpan(minute),
  hour: anySpan(hour),
  blockedUntil: fc.constantFrom(0, now - 1, now + 5_000),
  refused: fc.option(
    fc.record({
      index: fc.integer({ min: minute - 70, max: minute + 60 }),
      limit: fc.option(fc.double({ min: 1, max: 100, noNaN: true })),
    }),
  ),
});
const anyLimits = fc.record({
  perMinute: fc.option(fc.integer({ min: 1, max: 100 }), { nil: undefined }),
  perHour: fc.option(fc.integer({ min: 1, max: 100 }), { nil: undefined }),
});
const aMoment = fc.integer({ min: begun, max: begun + 59_999 });

test('a plan never passes a limit, never grants less than was needed, and else names a wait within the window', () => {
  void fc.assert(
    fc.property(
      anyState,
      anyLimits,
      fc.constantFrom<BudgetLane>('live', 'due', 'backfill'),
      fc.nat(130),
      aMoment,
      (state, limits, lane, least, at) => {
        const plan = planClaim(state, claim({ limits, lane, least: { minute: { index: minute, used: least } } }), at);
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

test('live waits for the window alone, lower lanes never less long than those above, and a wait is long enough', () => {
  void fc.assert(
    fc.property(anyState, anyLimits, aMoment, (state, limits, at) => {
      const [live, due, backfill] = (['live', 'due', 'backfill'] as const).map((lane) => {
        const plan = planClaim(state, claim({ limits, lane }), at);
        return 'waitMs' in plan ? plan.waitMs : 0;
      });
      const spent = remainingOf(state, limits, at)?.remaining === 0;
      expect((live ?? 0) > 0).toBe(spent);
      expect(due).toBeGreaterThanOrEqual(live ?? 0);
      expect(backfill).toBeGreaterThanOrEqual(due ?? 0);
      // Another window may then be the one to wait for, never the same.
      const then = planClaim(state, claim({ limits, lane: 'backfill' }), at + (backfill ?? 0));
      if ('waitMs' in then && (backfill ?? 0) > 0) expect(then.waitMs).not.toBe(backfill);
    }),
  );
});

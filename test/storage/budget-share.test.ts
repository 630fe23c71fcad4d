import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type BudgetLane, ceilingOf, leftWhenFree, type ShareClaim } from '#shared/storage/budget-share.ts';

const minuteMs = 60_000;
const claim = (lane: BudgetLane, more: Partial<ShareClaim> = {}): ShareClaim => ({
  limit: 100,
  spanMs: minuteMs,
  lane,
  need: 1,
  ...more,
});
/** the ceiling so many seconds after the window began */
const after = (seconds: number, share: ShareClaim): number => ceilingOf(share, minuteMs - seconds * 1_000);

test.each<[BudgetLane, number[]]>([
  ['live', [100, 100, 100, 100, 100, 100]],
  ['due', [90, 90, 90, 95, 100, 100]],
  ['backfill', [80, 85, 85, 90, 100, 100]],
])('what %s must leave is released in steps while the minute passes', (lane, ceilings) => {
  expect([0, 10, 19.999, 20, 40, 59.999].map((seconds) => after(seconds, claim(lane)))).toEqual(ceilings);
});

test('an hour is released like a minute', () => {
  const share = claim('backfill', { spanMs: 3_600_000, limit: 1_000 });
  expect([60, 50, 30, 20].map((left) => ceilingOf(share, left * minuteMs))).toEqual([800, 850, 950, 1_000]);
});

test('a small limit lets every lane ask, and a dear request takes the window', () => {
  expect(after(0, claim('backfill', { limit: 1 }))).toBe(1);
  expect(after(0, claim('backfill', { need: 95 }))).toBe(95);
  expect(after(0, claim('backfill', { need: 200 }))).toBe(100);
});

test('a step that brings exactly what is needed is waited for, and no longer', () => {
  expect(leftWhenFree(claim('backfill', { need: 5 }), 80)).toBe(50_000);
  expect(leftWhenFree(claim('backfill', { need: 6 }), 80)).toBe(40_000);
  expect(leftWhenFree(claim('backfill'), 99)).toBe(20_000);
  expect(leftWhenFree(claim('backfill'), 100)).toBe(0);
});

const anyLane = fc.constantFrom<BudgetLane>('live', 'due', 'backfill');
const anyShare = fc.record({
  limit: fc.integer({ min: 1, max: 2_000 }),
  spanMs: fc.constantFrom(minuteMs, 3_600_000),
  lane: anyLane,
  need: fc.integer({ min: 1, max: 40 }),
});
const aLeft = fc.double({ min: 0, max: 1, noNaN: true });

test('a ceiling only rises while the window passes, ends at the limit, and is highest for live', () => {
  void fc.assert(
    fc.property(anyShare, aLeft, aLeft, (share, one, other) => {
      const [early, late] = [Math.max(one, other), Math.min(one, other)].map((left) => left * share.spanMs);
      const [before, behind] = [ceilingOf(share, early ?? 0), ceilingOf(share, late ?? 0)];
      expect(before).toBeLessThanOrEqual(behind);
      expect(behind).toBeLessThanOrEqual(share.limit);
      expect(ceilingOf(share, 0)).toBe(share.limit);
      const [live, due, backfill] = (['live', 'due', 'backfill'] as const).map((lane) =>
        ceilingOf({ ...share, lane }, early ?? 0),
      );
      expect(live).toBe(share.limit);
      expect(due).toBeGreaterThanOrEqual(backfill ?? 0);
    }),
  );
});

test('who waits as long as it is told finds room then, and not a millisecond before', () => {
  void fc.assert(
    fc.property(anyShare, aLeft, fc.nat(2_000), (share, place, used) => {
      const left = Math.max(1, Math.ceil(place * share.spanMs));
      const fits = (at: number): boolean => used + Math.min(share.need, share.limit) <= ceilingOf(share, at);
      const asked = { ...share, need: Math.min(share.need, share.limit) };
      if (fits(left)) return;
      const free = leftWhenFree(asked, used);
      expect(free).toBeLessThan(left);
      if (free === 0) expect(fits(0)).toBe(false);
      else expect([fits(free), fits(free + 1)]).toEqual([true, false]);
    }),
  );
});

test('what is released is no trickle: at most four times a window, a twentieth of the limit or more at once', () => {
  void fc.assert(
    fc.property(fc.integer({ min: 20, max: 2_000 }), anyLane, (limit, lane) => {
      const share = claim(lane, { limit });
      const ceilings = [...new Set(Array.from({ length: 601 }, (_, tenth) => after(tenth / 10, share)))];
      expect(ceilings.length).toBeLessThanOrEqual(5);
      for (const [i, ceiling] of ceilings.slice(1).entries())
        expect(ceiling - (ceilings[i] ?? 0)).toBeGreaterThanOrEqual(Math.floor(limit / 20));
    }),
  );
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { offsetsOf, rowAt, turnAt, windowOf } from '#explorer/conversation/window.ts';

const heights = fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 60 });

describe('the turns that are drawn', () => {
  it('cover what is in sight, and no more than some around it', () => {
    const views = fc.tuple(heights, fc.nat(20_000), fc.integer({ min: 1, max: 900 }), fc.nat(5));
    void fc.assert(
      fc.property(views, ([given, top, height, around]) => {
        const offsets = offsetsOf(given.length, new Map(given.entries()), 50);
        const { first, end } = windowOf(offsets, top, height, around);
        const inSight = given.flatMap((_, i) => {
          const [from = 0, to = 0] = [offsets[i], offsets[i + 1]];
          return to > top && from < top + height ? [i] : [];
        });
        for (const row of inSight) expect(row >= first && row < end).toBe(true);
        expect(end - first).toBeLessThanOrEqual(Math.max(1, inSight.length) + 2 * around + 2);
        expect(first >= 0 && end <= given.length).toBe(true);
      }),
    );
  });

  it('are as high as guessed until they are measured', () => {
    expect([...offsetsOf(3, new Map([[1, 20]]), 50)]).toEqual([0, 50, 70, 120]);
    expect([...offsetsOf(0, new Map(), 50)]).toEqual([0]);
    expect(windowOf(offsetsOf(0, new Map(), 50), 0, 100, 3)).toEqual({ first: 0, end: 0 });
    expect([-5, 0, 49, 50, 69, 70, 9_999].map((top) => rowAt(offsetsOf(3, new Map([[1, 20]]), 50), top))).toEqual([
      0, 0, 0, 1, 1, 2, 2,
    ]);
  });

  it('are few of ten thousand', () => {
    const { first, end } = windowOf(offsetsOf(10_000, new Map(), 52), 260_000, 800, 8);
    expect([first, end - first]).toEqual([4_992, 32]);
  });
});

describe('the turn that is spoken', () => {
  it('is the last that has begun', () => {
    const starts = [0, 1_000, 1_000, 5_000];
    expect([-1, 0, 999, 1_000, 4_999, 9_999].map((ms) => turnAt(starts, ms))).toEqual([null, 0, 0, 2, 2, 3]);
    expect(turnAt([], 5)).toBeNull();
  });
});

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  isRecent,
  isTimeToListen,
  mayHaveHadSome,
  sameHoursBefore,
  shouldHaveHadSome,
} from '#shared/domain/silence.ts';

const hour = 3_600_000;
const week = 168 * hour;
const now = fc.integer({ min: Date.UTC(2020, 0), max: Date.UTC(2035, 0) });

describe('silence', () => {
  it('is looked for in the same hours of the last four weeks, an hour left out at both ends', () => {
    const at = Date.parse('2026-03-02T13:30:00Z');
    const spans = sameHoursBefore(at).map(({ from, to }) => [new Date(from).toISOString(), new Date(to).toISOString()]);
    expect(spans[0]).toEqual(['2026-02-23T10:30:00.000Z', '2026-02-23T12:30:00.000Z']);
    expect(spans.at(-1)).toEqual(['2026-02-02T10:30:00.000Z', '2026-02-02T12:30:00.000Z']);
    expect(spans).toHaveLength(4);
  });

  it('needs three weeks of four with five conversations each', () => {
    void fc.assert(
      fc.property(fc.array(fc.nat(10), { minLength: 4, maxLength: 4 }), (before) => {
        const [, , third = 0] = before.toSorted((a, b) => b - a);
        expect(shouldHaveHadSome(before)).toBe(third >= 5);
        // What is given up early would have come to nothing.
        for (const some of [1, 2, 3]) {
          if (!mayHaveHadSome(before.slice(0, some))) expect(shouldHaveHadSome(before)).toBe(false);
        }
        expect(mayHaveHadSome(before)).toBe(third >= 5);
      }),
    );
    expect(shouldHaveHadSome([5, 5])).toBe(false);
  });

  it('is never found while a steady day is merely an hour later or earlier than it was, whenever one looks', () => {
    // Days of eight hours with a conversation every ten minutes; since the last week all clocks have changed.
    const opens = (week_: number, shift: number) => week_ + 8 * hour + shift * hour;
    void fc.assert(
      fc.property(now, fc.constantFrom(-1, 0, 1), fc.integer({ min: 0, max: 24 * hour }), (day, shift, into) => {
        const begun = (from: number) => Array.from({ length: 48 }, (_, i) => from + i * 600_000);
        const at = day + into;
        const today = begun(opens(day, shift)).filter((one) => one <= at);
        const newest = today.at(-1) ?? opens(day - 24 * hour, shift) + 47 * 600_000;
        const before = sameHoursBefore(at).map(
          ({ from, to }, i) => begun(opens(day - (i + 1) * week, 0)).filter((one) => one >= from && one < to).length,
        );
        expect(isRecent(newest, at) || !shouldHaveHadSome(before)).toBe(true);
      }),
    );
  });

  it('is found within five hours where a steady stream ends', () => {
    void fc.assert(
      fc.property(now, fc.integer({ min: 5 * hour, max: 7 * 24 * hour }), (end, after) => {
        const at = end + after;
        const before = sameHoursBefore(at).map(({ from, to }) => Math.floor((Math.min(to, end) - from) / 600_000));
        expect(isRecent(end, at)).toBe(false);
        expect(shouldHaveHadSome(before)).toBe(true);
      }),
    );
  });

  it('is looked for once an hour, and at once where something comes to a silent connection', () => {
    const known = { checkedAt: 0, since: null };
    expect(isTimeToListen(null, false, 0)).toBe(true);
    expect(isTimeToListen(known, true, hour - 1)).toBe(false);
    expect(isTimeToListen(known, false, hour)).toBe(true);
    expect(isTimeToListen({ checkedAt: 0, since: -1 }, true, 1)).toBe(true);
    expect(isTimeToListen({ checkedAt: 0, since: -1 }, false, 1)).toBe(false);
  });
});

import { expect, test } from 'vitest';
import { openToldBudget } from '#shared/ingest/told-budget.ts';

const begun = 29_000_000 * 60_000;
const minuteEnd = begun + 60_000;

/** An account of which others take so much with each point of ours, after some answers. */
function withOthers(each: number, answers = 20) {
  const told = openToldBudget({ perMinute: 1_000 });
  let left = 1_000;
  for (let answer = 0; answer < answers; answer++) {
    told.sent(1);
    left -= 1 + each;
    told.hear('minute', left, 0, begun);
  }
  return { told, left };
}

test('while nothing is told all has room', () => {
  const told = openToldBudget({ perMinute: 10 });
  expect([told.fullUntil(10, 0, begun), told.isHeard(begun), told.isAwaited(begun)]).toEqual([null, false, false]);
});

test('what is on its way takes its room', () => {
  const { told, left } = withOthers(0);
  expect(told.fullUntil(left, 0, begun)).toBeNull();
  told.sent(7);
  expect(told.fullUntil(left - 7, 7, begun)).toBeNull();
  expect(told.fullUntil(left - 6, 7, begun)).toBe(minuteEnd);
});

test('what was on its way when the first was told is not taken for others', () => {
  const told = openToldBudget({ perMinute: 1_000 });
  told.sent(10);
  told.hear('minute', 900, 9, begun);
  told.hear('minute', 891, 0, begun);
  expect(told.fullUntil(891, 0, begun)).toBeNull();
});

test('twice what others take with each of ours is left to them, in the next minute too', () => {
  const { told, left } = withOthers(1);
  expect(told.fullUntil(left - 2, 0, begun)).toBeNull();
  expect(told.fullUntil(left - 1, 0, begun)).toBe(minuteEnd);
  told.sent(3);
  expect(told.fullUntil(left - 3 - 8, 3, begun)).toBeNull();
  expect(told.fullUntil(left - 3 - 7, 3, begun)).toBe(minuteEnd);
  told.hear('minute', left - 6, 0, begun);
  told.hear('minute', 4, 0, minuteEnd);
  expect(told.fullUntil(2, 0, minuteEnd)).toBeNull();
  expect(told.fullUntil(3, 0, minuteEnd)).toBe(minuteEnd + 60_000);
});

test('before enough was told, others are taken to be as busy as we are', () => {
  const { told, left } = withOthers(0, 3);
  expect(told.fullUntil(left - 2, 0, begun)).toBeNull();
  expect(told.fullUntil(left - 1, 0, begun)).toBe(minuteEnd);
});

test('others that took very much at once do not stop us for good', () => {
  const told = openToldBudget({ perMinute: 1_000 });
  for (const left of [999, 500, 499, 498, 497, 496, 495, 494, 493, 492]) {
    told.sent(1);
    told.hear('minute', left, 0, begun);
  }
  expect(told.fullUntil(1, 0, begun)).toBeNull();
  expect(told.fullUntil(440, 0, begun)).toBeNull();
  expect(told.fullUntil(443, 0, begun)).toBe(minuteEnd);
});

test('an older answer that comes late does not make room again', () => {
  const { told } = withOthers(0);
  told.hear('minute', 3, 0, begun);
  told.hear('minute', 900, 0, begun);
  expect(told.fullUntil(4, 0, begun)).toBe(minuteEnd);
});

test('a minute is awaited once an earlier one was told, and no more when something was heard, be it of the hour', () => {
  const told = openToldBudget({ perMinute: 10, perHour: 100 });
  told.hear('minute', 5, 0, begun);
  expect([told.isHeard(begun), told.isAwaited(begun)]).toEqual([true, false]);
  expect([told.isHeard(minuteEnd), told.isAwaited(minuteEnd)]).toEqual([false, true]);
  told.hear('hour', 0, 0, minuteEnd);
  expect([told.isHeard(minuteEnd), told.isAwaited(minuteEnd)]).toEqual([true, false]);
  const hourEnd = (Math.floor(begun / 3_600_000) + 1) * 3_600_000;
  expect(told.fullUntil(1, 0, minuteEnd)).toBe(hourEnd);
});

test('of a span without a limit nothing is obeyed', () => {
  const told = openToldBudget({ perMinute: 10 });
  told.hear('hour', 0, 0, begun);
  expect(told.fullUntil(1, 0, begun)).toBeNull();
});

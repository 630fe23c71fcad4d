import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openProviderClock } from '#shared/ingest/provider-clock.ts';

const dateOf = (ms: number): string => new Date(ms).toUTCString();
const start = Date.parse('2026-03-02T09:14:07.400Z');

test('clocks that agree within what a Date can tell count as equal', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 5_000 }), fc.nat(), (tripMs, offset) => {
      let now = start + offset;
      const clock = openProviderClock(() => now);
      const sentAt = now;
      now += tripMs;
      clock.observe(dateOf(sentAt + tripMs / 2), sentAt);
      expect(clock.now()).toBe(now);
    }),
  );
});

test.each([90_000, -90_000, 1_200_000])('a provider %d ms ahead is followed to the second', (ahead) => {
  const clock = openProviderClock(() => start);
  clock.observe(dateOf(start + ahead), start);
  expect(Math.abs(clock.now() - start - ahead)).toBeLessThan(1_000);
});

test('a Date that is wrong by years moves the clock by less than an hour, an unreadable one not at all', () => {
  const clock = openProviderClock(() => start);
  clock.observe('Thu, 01 Jan 1970 00:00:00 GMT', start);
  expect(Math.abs(clock.now() - start)).toBeLessThanOrEqual(1_800_000);
  const untold = openProviderClock(() => start);
  untold.observe(undefined, start);
  untold.observe('noon', start);
  expect(untold.now()).toBe(start);
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseHttpDate, parseRetryAfter, rateLimitPauseMs } from '#shared/http/retry-after.ts';

const servedAt = Date.parse('2026-03-02T09:14:07Z');

test.each([
  ['7', 7_000],
  ['1.5', 1_500],
  [' 3 ', 3_000],
  ['0', 1_000],
  ['Mon, 02 Mar 2026 09:14:30 GMT', 23_000],
  ['Mon, 02 Mar 2026 09:00:00 GMT', 1_000],
  ['999999999999', 3_600_000],
  ['Fri, 31 Dec 2999 23:59:59 GMT', 3_600_000],
  // what cannot be read counts as absent: till the provider's next clock minute
  ['-5', 53_000],
  ['soon', 53_000],
  ['', 53_000],
  ['2026-03-02T09:14:30Z', 53_000],
  ['1e3', 53_000],
  [undefined, 53_000],
])('after a 429 with Retry-After %j a pause of %d ms', (text, pause) => {
  expect(rateLimitPauseMs(text, servedAt)).toBe(pause);
});

test('a pause is always between a second and an hour', () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.string(), fc.nat().map(String), fc.constant(undefined)),
      fc.nat(4_102_444_800_000),
      (text, at) => {
        const pause = rateLimitPauseMs(text, at);
        expect(pause).toBeGreaterThanOrEqual(1_000);
        expect(pause).toBeLessThanOrEqual(3_600_000);
      },
    ),
  );
});

test('an HTTP date is read to the second and nothing else is taken for one', () => {
  fc.assert(
    fc.property(fc.nat(4_102_444_800), (seconds) => {
      expect(parseHttpDate(new Date(seconds * 1_000).toUTCString())).toBe(seconds * 1_000);
    }),
  );
  for (const text of ['', 'now', '0', '2026-03-02', 'Mon, 99 Mar 2026 09:14:30 GMT', undefined]) {
    expect(parseHttpDate(text)).toBeNull();
  }
  expect(parseRetryAfter('nonsense', servedAt)).toBeNull();
});

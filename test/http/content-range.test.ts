import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseContentRange, parseUnsatisfied } from '#shared/http/content-range.ts';

test('what a server writes is read', () => {
  void fc.assert(
    fc.property(fc.nat(), fc.nat(), fc.nat(), (first, more, behind) => {
      const [last, total] = [first + more, first + more + behind + 1];
      expect(parseContentRange(`bytes ${first}-${last}/${total}`)).toEqual({ first, last, total });
      expect(parseContentRange(`bytes ${first}-${last}/*`)).toEqual({ first, last, total: null });
      expect(parseUnsatisfied(`bytes */${total}`)).toBe(total);
    }),
  );
});

test.each([
  undefined,
  '',
  'bytes',
  'bytes 5-4/10',
  'bytes 0-10/10',
  'bytes 0-9/9',
  'bytes -9/10',
  'bytes 0-/10',
  'bytes */10',
  'bytes */*',
  'bytes 0-9',
  'bytes 0-9/10, bytes 10-19/20',
  'bytes 00-9/1e1',
  'items 0-9/10',
  'bytes 0-9/99999999999999999',
  'bytes=0-9/10',
  ' bytes 0-9/10',
])('%j is no range', (text) => {
  expect(parseContentRange(text)).toBeNull();
});

test.each([undefined, '', 'bytes */*', 'bytes 0-9/10', 'bytes */-1', 'bytes */99999999999999999'])(
  '%j tells no length',
  (text) => {
    expect(parseUnsatisfied(text)).toBeNull();
  },
);

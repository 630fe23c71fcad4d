import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseByteRange } from '#infra/local/s3/byte-range.ts';

const size = fc.integer({ min: 1, max: 50 });
const position = fc.integer({ min: 0, max: 60 });
const bytes = (length: number) => Array.from({ length }, (_, index) => index);

/** The bytes that a header selects, or `none` for 416. */
function selected(header: string, length: number): number[] | 'none' {
  try {
    const range = parseByteRange(header, length);
    return range ? bytes(length).slice(range.first, range.last + 1) : bytes(length);
  } catch {
    return 'none';
  }
}

it('selects from first to last, both included', () => {
  void fc.assert(
    fc.property(size, position, position, (length, a, b) => {
      const [first, last] = [Math.min(a, b), Math.max(a, b)];
      const wanted = bytes(length).filter((index) => index >= first && index <= last);
      expect(selected(`bytes=${first}-${last}`, length)).toEqual(wanted.length > 0 ? wanted : 'none');
    }),
  );
});

it('selects from a byte to the end, and the last bytes', () => {
  void fc.assert(
    fc.property(size, position, (length, n) => {
      const all = bytes(length);
      expect(selected(`bytes=${n}-`, length)).toEqual(n < length ? all.slice(n) : 'none');
      expect(selected(`bytes=-${n}`, length)).toEqual(n > 0 ? all.slice(Math.max(0, length - n)) : 'none');
    }),
  );
});

it('finds nothing in an empty object, and ignores what is no single range', () => {
  expect(selected('bytes=0-', 0)).toBe('none');
  expect(selected('bytes=-5', 0)).toBe('none');
  for (const header of ['', 'bytes=', 'bytes=-', 'bytes=4-2', 'bytes=0-1,3-4', 'lines=0-1', 'bytes=a-b']) {
    expect(parseByteRange(header, 5)).toBeUndefined();
  }
  expect(parseByteRange(undefined, 5)).toBeUndefined();
});

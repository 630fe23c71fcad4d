import { expect, test } from 'vitest';
import { validatorOf } from '#shared/http/validator.ts';

const date = 'Mon, 02 Mar 2026 09:14:07 GMT';
const minuteBefore = 'Mon, 02 Mar 2026 09:13:07 GMT';
const lessBefore = 'Mon, 02 Mar 2026 09:13:08 GMT';

test.each<[Record<string, string>, string | null]>([
  [{ etag: '"abc"' }, '"abc"'],
  [{ etag: '"abc"', date, 'last-modified': minuteBefore }, '"abc"'],
  [{ date, 'last-modified': minuteBefore }, minuteBefore],
  [{ date, 'last-modified': lessBefore }, null],
  [{ date, 'last-modified': date }, null],
  [{ 'last-modified': minuteBefore }, null],
  [{ date: 'today', 'last-modified': minuteBefore }, null],
  [{ date, 'last-modified': '2026-03-02T09:13:07Z' }, null],
  [{ etag: 'W/"abc"' }, null],
  [{ etag: 'W/"abc"', date, 'last-modified': minuteBefore }, null],
  [{ etag: 'abc', date, 'last-modified': minuteBefore }, null],
  [{ etag: '' }, null],
  [{ etag: '""' }, null],
  [{ etag: '"a", "b"' }, null],
  [{ etag: '"a\u00e9"' }, null],
  [{ etag: '"a\r\nx: y"' }, null],
  [{ etag: `"${'a'.repeat(201)}"` }, null],
  [{}, null],
])('%j is told by %j', (headers, validator) => {
  expect(validatorOf(headers)).toBe(validator);
});

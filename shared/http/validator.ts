import type { AnswerHeaders } from './request.ts';
import { parseHttpDate } from './retry-after.ts';

const strongTag = /^"[\x21\x23-\x7e]{1,200}"$/;

/**
 * RFC 9110 8.8.2.2 asks for a second at least between a change and an answer, so that no second change hides behind one
 * date; a minute, for clocks of servers behind one name.
 */
const settledMs = 60_000;

/**
 * What tells one version of a file from every other, for `If-Range` (RFC 9110 13.1.5), or null: a strong ETag, or where
 * there is no ETag at all a `Last-Modified` that was a minute old when the answer was made. A weak ETag promises no equal
 * bytes. Both come back as they were received.
 */
export function validatorOf(headers: AnswerHeaders): string | null {
  const { etag, date, 'last-modified': modified } = headers;
  if (etag !== undefined) return strongTag.test(etag) ? etag : null;
  const changedAt = parseHttpDate(modified);
  const servedAt = parseHttpDate(date);
  if (modified === undefined || changedAt === null || servedAt === null) return null;
  return servedAt - changedAt >= settledMs ? modified : null;
}

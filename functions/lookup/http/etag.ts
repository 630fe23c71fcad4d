import { createHash } from 'node:crypto';
import type { Answer, TextAnswer } from './request.ts';

/** The answer with a strong ETag over its bytes, or 304 where the caller has just these (RFC 9110 section 13.1.2). */
export function withEtag(answer: TextAnswer, ifNoneMatch: string | undefined): Answer {
  const etag = `"${createHash('sha256').update(answer.body).digest('base64url').slice(0, 22)}"`;
  const headers: Record<string, string> = { ...answer.headers, etag, 'cache-control': 'private, no-cache' };
  const known = ifNoneMatch?.split(',').map((tag) => tag.trim().replace(/^W\//, '')) ?? [];
  if (known.includes(etag) || known.includes('*')) {
    const { 'content-type': _, ...rest } = headers;
    return { statusCode: 304, headers: rest, body: '' };
  }
  return { ...answer, headers };
}

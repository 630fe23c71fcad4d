import { createHash } from 'node:crypto';
import type { Answer, TextAnswer } from './request.ts';

/** Records and bytes are the caller's alone, and each use asks whether they are still these. */
export const revalidated = { 'cache-control': 'private, no-cache' };

/** A strong entity tag of this text. */
export const etagOf = (text: string): string =>
  `"${createHash('sha256').update(text).digest('base64url').slice(0, 22)}"`;

/**
 * The answer with a weak ETag over what it says, `said`, or 304 where the caller has just this: for answers that say the same
 * in other bytes, as a sealed cursor is another each time.
 */
export function withWeakEtag(answer: Answer, said: unknown, ifNoneMatch: string | undefined): Answer {
  const etag = etagOf(JSON.stringify(said));
  const headers: Record<string, string> = { ...answer.headers, etag: `W/${etag}`, ...revalidated };
  if (!namesEtag(ifNoneMatch, etag, 'weak')) return { ...answer, headers };
  const { 'content-type': _, ...rest } = headers;
  return { statusCode: 304, headers: rest, body: '' };
}

/** The answer with a strong ETag over its bytes, or 304 where the caller has just these (RFC 9110 section 13.1.2). */
export function withEtag(answer: TextAnswer, ifNoneMatch: string | undefined): Answer {
  const etag = etagOf(answer.body);
  const headers: Record<string, string> = { ...answer.headers, etag, ...revalidated };
  if (!namesEtag(ifNoneMatch, etag, 'weak')) return { ...answer, headers };
  const { 'content-type': _, ...rest } = headers;
  return { statusCode: 304, headers: rest, body: '' };
}

/** One entity tag of a list (RFC 9110 section 8.8.3); commas may stand inside it. */
const entityTag = /(W\/)?("[^"]*")/g;

/**
 * Whether a list of entity tags names this strong one, or `*`. The weak comparison of `If-None-Match` leaves a `W/` out of
 * account; by the strong one of `If-Match` a weak tag never fits (section 8.8.3.2).
 */
export function namesEtag(list: string | undefined, etag: string, comparison: 'weak' | 'strong'): boolean {
  if (list === undefined) return false;
  if (list.trim() === '*') return true;
  return [...list.matchAll(entityTag)].some(([, weak, tag]) => tag === etag && !(weak && comparison === 'strong'));
}

import { createHash } from 'node:crypto';
import type { FakeAnswer, FakeRequest } from './exchange.ts';

/** Links that need no token: path, end and a signature over both. How long real ones live is not documented. */

export function signedLink(origin: string, path: string, expiresAtMs: number, secret: string): string {
  return `${origin}${path}?expires=${expiresAtMs}&signature=${signature(path, expiresAtMs, secret)}`;
}

/** `withToken`: storage hosts refuse a request that is signed twice, so a token that was sent along is noticed. */
function linkVerdict(request: FakeRequest, secret: string, nowMs: number): 'good' | 'refused' | 'withToken' {
  if (request.headers['authorization'] !== undefined) return 'withToken';
  const url = new URL(request.url);
  const expiresAtMs = Number(url.searchParams.get('expires'));
  const genuine = url.searchParams.get('signature') === signature(url.pathname, expiresAtMs, secret);
  return genuine && nowMs < expiresAtMs ? 'good' : 'refused';
}

/** What the storage host answers to a request that may not pass, undefined for one that may. */
export function linkRefusal(request: FakeRequest, secret: string, nowMs: number): FakeAnswer | undefined {
  const verdict = linkVerdict(request, secret, nowMs);
  return verdict === 'good' ? undefined : refusedLink(verdict === 'withToken' ? 400 : 403);
}

export function refusedLink(status: number): FakeAnswer {
  return { status, headers: { 'content-type': 'application/xml' }, body: '<Error><Code>Refused</Code></Error>' };
}

function signature(path: string, expiresAtMs: number, secret: string): string {
  return createHash('sha256').update(`${secret}\n${path}\n${expiresAtMs}`).digest('hex').slice(0, 40);
}

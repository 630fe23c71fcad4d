import { pathOf } from '../exchange.ts';
import type { Meter } from '../provider.ts';
import { windowLimit } from '../window-limit.ts';
import { apiError } from './error.ts';

/** Requests per clock second; no limit of these endpoints is documented, another page of the vendor says 2. */
export type RateLimit = { readonly perSecond: number; readonly retryAfter?: string };

export function secondLimit(limit: RateLimit | undefined): Meter {
  return windowLimit(
    limit && { ...limit, most: limit.perSecond, windowMs: 1_000 },
    (request) => pathOf(request) === '/oauth/token' || pathOf(request).startsWith('/files/'),
    () => apiError(429),
  );
}

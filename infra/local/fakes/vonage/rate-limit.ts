import { pathOf } from '../exchange.ts';
import type { Meter } from '../provider.ts';
import { windowLimit } from '../window-limit.ts';
import { isApi } from './access.ts';
import { apiError } from './error.ts';

/**
 * Requests per clock minute to all APIs of the account together. No number is documented; the vendor's sample code keeps
 * to 160. A refused request is told nothing but 429, unless `retryAfter` says otherwise.
 */
export type RateLimit = { readonly perMinute: number; readonly retryAfter?: string };

export function minuteLimit(limit: RateLimit | undefined): Meter {
  return windowLimit(
    limit && { ...limit, most: limit.perMinute, windowMs: 60_000 },
    (request) => !isApi(pathOf(request).split('/')[1]),
    () => apiError(429),
  );
}

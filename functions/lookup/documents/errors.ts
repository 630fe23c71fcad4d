import * as z from 'zod';
import type { Route } from '../route.ts';

/** An error of our own addresses (design.md section 4). */
export const errorSchema = z
  .object({
    code: z.string(),
    message: z.string(),
    description: z.string().optional(),
    fields: z.array(z.object({ name: z.string(), description: z.string() })).optional(),
  })
  .meta({ id: 'Error' });

/** An error of the token endpoint (RFC 6749 section 5.2). */
export const oauthErrorSchema = z
  .object({ error: z.string(), error_description: z.string() })
  .meta({ id: 'OAuthError' });

const meanings: Readonly<Record<number, string>> = {
  400: 'a parameter or the body is not valid',
  401: 'no token, or one that is not valid (any more)',
  403: 'the token lacks the scope',
  404: 'there is no such thing, or the caller may not see it',
  406: 'none of the types asked for can be had',
  429: 'more requests a minute than the client has; `Retry-After` says for how many seconds',
  500: 'the request failed on our side',
};

/** What can go wrong at an address, by status. */
export function errorsOf({ path, about, ...route }: Route): ReadonlyMap<number, string> {
  const guarded = 'needs' in route;
  const takes = about.query !== undefined || about.body !== undefined || path.includes('{');
  const statuses = [
    ...(takes ? [400] : []),
    ...(guarded || about.body ? [401] : []),
    ...(guarded ? [403, 429] : []),
    ...(path.includes('{') ? [404] : []),
    ...(Object.values(about.answers).some(({ types = [] }) => types.length > 1) ? [406] : []),
    500,
  ];
  return new Map(statuses.sort((a, b) => a - b).map((status) => [status, meanings[status] ?? '']));
}

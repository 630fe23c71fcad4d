import * as z from 'zod';
import type { Capability } from '../access/capabilities.ts';
import type { Route } from '../route.ts';

/** An error of our own addresses (design.md section 4). */
export const errorSchema = z.object({
  code: z.string(),
  message: z.string(),
  description: z.string().optional(),
  fields: z.array(z.object({ name: z.string(), description: z.string() })).optional(),
});

/** An error of the token endpoint (RFC 6749 section 5.2). */
export const oauthErrorSchema = z.object({ error: z.string(), error_description: z.string() });

const meanings: Readonly<Record<number, string>> = {
  400: 'a parameter or the body is not valid',
  401: 'no token, or one that is not valid (any more)',
  403: 'the token lacks the scope',
  404: 'there is no such thing, or the caller may not see it',
  406: 'none of the types asked for can be had',
  409: 'the operation has ended',
  412: 'the file is not the one that `If-Match` names',
  413: 'the body is too large',
  415: 'the body is not JSON, or packed',
  416: 'no byte of the range is in the file; `Content-Range` says how long it is',
  422: 'a value of a filter is not valid',
  429: 'more requests a minute than the client has; `Retry-After` says for how many seconds',
  500: 'the request failed on our side',
  503: 'the reading could not be noted, so nothing is sent',
};

/** What an address needs of its caller; null where anybody may ask. */
export const needsOf = (route: Route): Capability | null =>
  'needs' in route ? route.needs : (route.about.needs ?? null);

/** What can go wrong at an address, by status. */
export function errorsOf(route: Route): ReadonlyMap<number, string> {
  const { path, about } = route;
  const needs = needsOf(route);
  const takes = about.query !== undefined || about.body !== undefined || path.includes('{');
  const answersByType = Object.values(about.answers).some(({ types = [], schema }) => schema && types.length > 1);
  const statuses = [
    ...(takes ? [400] : []),
    ...(needs || about.body ? [401] : []),
    ...(needs ? [403, 429] : []),
    ...(path.includes('{') ? [404] : []),
    ...(answersByType ? [406] : []),
    500,
    ...(needs === 'content' || needs === 'media' ? [503] : []),
    ...(about.errors ?? []),
  ];
  return new Map([...new Set(statuses)].sort((a, b) => a - b).map((status) => [status, meanings[status] ?? '']));
}

import type { MiddlewareObj } from '@middy/core';
import type { LambdaFunctionURLEvent } from 'aws-lambda';
import { type Answer, findHeader } from './request.ts';

/** What a script may send and see beyond what the Fetch standard lets it. */
const allowed = {
  'access-control-allow-methods': 'GET, HEAD, POST, PUT, DELETE',
  'access-control-allow-headers': 'Authorization, Content-Type, Range, If-Range, If-Match, If-None-Match, Accept',
  // Two hours: the longest that Chromium keeps a preflight.
  'access-control-max-age': '7200',
};
const exposed = 'ETag, Content-Range, Accept-Ranges, Content-Disposition, Retry-After, Location';

/**
 * Lets scripts of pages of these origins read the answers, the refusals too, and answers their preflights before anything
 * else is looked at. For any other origin nothing is added. Nothing here is a cookie, so no credentials are allowed.
 */
export function cors(origins: readonly string[]): MiddlewareObj<LambdaFunctionURLEvent, Answer> {
  const known = new Set(origins);
  const headersFor = (event: LambdaFunctionURLEvent): Record<string, string> | null => {
    const origin = findHeader(event, 'origin');
    return origin !== undefined && known.has(origin) ? { 'access-control-allow-origin': origin, vary: 'Origin' } : null;
  };
  const withHeaders: MiddlewareObj<LambdaFunctionURLEvent, Answer>['after'] = ({ event, response }) => {
    const headers = headersFor(event);
    if (!headers || !response) return;
    const vary = [response.headers['vary'], headers['vary']].filter(Boolean).join(', ');
    Object.assign(response.headers, headers, { vary, 'access-control-expose-headers': exposed });
  };
  return {
    before: ({ event }) => {
      if (event.requestContext.http.method !== 'OPTIONS') return;
      if (findHeader(event, 'access-control-request-method') === undefined) return;
      const headers = headersFor(event);
      // What `before` returns is the answer, without a route and without the other middlewares.
      return headers ? { statusCode: 204, headers: { ...headers, ...allowed }, body: '' } : undefined;
    },
    after: withHeaders,
    onError: withHeaders,
  };
}

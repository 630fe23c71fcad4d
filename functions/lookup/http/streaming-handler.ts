import middy, { type MiddlewareObj, type MiddyfiedHandler } from '@middy/core';
import { executionModeStreamifyResponse } from '@middy/core/StreamifyResponse';
import httpRouter, { type Method } from '@middy/http-router';
import httpSecurityHeaders from '@middy/http-security-headers';
import type { LambdaFunctionURLEvent } from 'aws-lambda';
import { errorFields } from '#shared/runtime/error-fields.ts';
import { logError } from '#shared/runtime/log.ts';
import { cors } from './cors.ts';
import { internalError, Problem } from './problem.ts';
import type { Answer } from './request.ts';

export type RoutedEntry = { method: Method; path: string; handler: (event: LambdaFunctionURLEvent) => Promise<Answer> };

type Middleware = MiddlewareObj<LambdaFunctionURLEvent, Answer>;

export type Otherwise = {
  /** throws what answers an unknown path or method */
  elsewhere: (path: string) => never;
  /** the body of a problem at a path */
  problemOf: (path: string, problem: Problem) => unknown;
};

/** A Function URL's handler that streams its answers; scripts of pages of `corsOrigins` may read them. */
export function streamingHandler(
  entries: readonly RoutedEntry[],
  { elsewhere, problemOf }: Otherwise,
  corsOrigins: readonly string[],
) {
  const router = httpRouter({ routes: asRouterTakes(entries), notFoundResponse: ({ path }) => elsewhere(path) });
  return middy<LambdaFunctionURLEvent, Answer>({ executionMode: executionModeStreamifyResponse })
    .use([cors(corsOrigins), ownPolicy, securityHeaders, withoutBodyForHead, problemAnswers(problemOf), sentPath])
    .handler(asMiddyTakes(router));
}

// The router's types know API Gateway's events only and call their own result a middy handler, which it is not.
const asRouterTakes = (entries: readonly RoutedEntry[]) =>
  [...entries] as unknown as Parameters<typeof httpRouter>[0] & [];
const asMiddyTakes = (router: unknown) => router as MiddyfiedHandler<LambdaFunctionURLEvent, Answer>;

/** The router looks at `http.path`; `rawPath` is for certain what was sent, so that an encoded slash divides nothing. */
const sentPath: Middleware = {
  before: ({ event }) => {
    event.requestContext.http.path = event.rawPath;
  },
};

/** The edge: a Problem is the answer; anything else is logged once and shows no more than that it happened. */
const problemAnswers = (problemOf: Otherwise['problemOf']): Middleware => ({
  onError: (request) => {
    const { error, event } = request;
    if (!(error instanceof Problem)) logError('lookup failed', errorFields(error));
    const problem = error instanceof Problem ? error : internalError();
    const { status, headers } = problem;
    request.response = {
      statusCode: status,
      headers: { 'content-type': 'application/json', 'cache-control': 'no-store', ...headers },
      body: JSON.stringify(problemOf(event.rawPath, problem)),
    };
  },
});

const withoutBody: Middleware['after'] = (request) => {
  const { event, response } = request;
  if (event.requestContext.http.method !== 'HEAD' || !response) return;
  if (typeof response.body !== 'string') response.body.destroy();
  response.body = '';
};
const withoutBodyForHead: Middleware = { after: withoutBody, onError: withoutBody };

/** Security headers that an answer may bring itself, as the middleware writes them. */
const ownNames = new Map([
  ['content-security-policy', 'Content-Security-Policy'],
  ['cross-origin-resource-policy', 'Cross-Origin-Resource-Policy'],
]);

/** The usual security headers are set over the answer's own; here the own ones take their place. */
const ownPolicy: Middleware = {
  after: ({ response }) => {
    if (!response) return;
    const headers = Object.entries(response.headers);
    const own = headers.flatMap(([name, value]) => {
      const shown = ownNames.get(name);
      return shown === undefined ? [] : [[shown, value] as const];
    });
    const others = headers.filter(([name]) => !ownNames.has(name));
    response.headers = Object.fromEntries([...others, ...own]);
  },
};

/** Nothing here is to be rendered, framed or guessed at. */
const securityHeaders = httpSecurityHeaders({
  contentSecurityPolicy: { 'default-src': "'none'", 'report-to': '' },
  permissionsPolicy: false,
});

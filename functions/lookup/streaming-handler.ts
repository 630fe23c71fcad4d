import middy, { type MiddlewareObj, type MiddyfiedHandler } from '@middy/core';
import { executionModeStreamifyResponse } from '@middy/core/StreamifyResponse';
import httpRouter, { type Method } from '@middy/http-router';
import httpSecurityHeaders from '@middy/http-security-headers';
import type { LambdaFunctionURLEvent } from 'aws-lambda';
import { errorFields } from '#shared/runtime/error-fields.ts';
import { logError } from '#shared/runtime/log.ts';
import { internalError, Problem } from './problem.ts';
import type { Answer } from './request.ts';

export type RoutedEntry = { method: Method; path: string; handler: (event: LambdaFunctionURLEvent) => Promise<Answer> };

type Middleware = MiddlewareObj<LambdaFunctionURLEvent, Answer>;

/** A Function URL's handler that streams its answers. `elsewhere` throws what answers an unknown path or method. */
export function streamingHandler(entries: readonly RoutedEntry[], elsewhere: (path: string) => never) {
  const router = httpRouter({ routes: asRouterTakes(entries), notFoundResponse: ({ path }) => elsewhere(path) });
  return middy<LambdaFunctionURLEvent, Answer>({ executionMode: executionModeStreamifyResponse })
    .use([securityHeaders, withoutBodyForHead, problemAnswers, sentPath])
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
const problemAnswers: Middleware = {
  onError: (request) => {
    const { error } = request;
    if (!(error instanceof Problem)) logError('lookup failed', errorFields(error));
    const { status, body, headers } = error instanceof Problem ? error : internalError();
    request.response = {
      statusCode: status,
      headers: { 'content-type': 'application/json', 'cache-control': 'no-store', ...headers },
      body: JSON.stringify(body),
    };
  },
};

const withoutBody: Middleware['after'] = (request) => {
  if (request.event.requestContext.http.method === 'HEAD' && request.response) request.response.body = '';
};
const withoutBodyForHead: Middleware = { after: withoutBody, onError: withoutBody };

/** Nothing here is to be rendered, framed or guessed at. */
const securityHeaders = httpSecurityHeaders({
  contentSecurityPolicy: { 'default-src': "'none'", 'report-to': '' },
  permissionsPolicy: false,
});

import middy, { type MiddlewareObj } from '@middy/core';
import { executionModeStreamifyResponse } from '@middy/core/StreamifyResponse';
import httpSecurityHeaders from '@middy/http-security-headers';
import type { LambdaFunctionURLEvent } from 'aws-lambda';
import { errorFields } from '#shared/runtime/error-fields.ts';
import { logError } from '#shared/runtime/log.ts';
import { cors } from './cors.ts';
import { internalError, Problem } from './problem.ts';
import type { Answer } from './request.ts';
import type { Answering } from './router.ts';

type Middleware = MiddlewareObj<LambdaFunctionURLEvent, Answer>;

/** The body of a problem at a path. */
type ProblemOf = (path: string, problem: Problem) => unknown;

/** A Function URL's handler that streams its answers; scripts of pages of `corsOrigins` may read them. */
export function streamingHandler(answer: Answering, problemOf: ProblemOf, corsOrigins: readonly string[]) {
  return middy<LambdaFunctionURLEvent, Answer>({ executionMode: executionModeStreamifyResponse })
    .use([cors(corsOrigins), ownPolicy, securityHeaders, withoutBodyForHead, problemAnswers(problemOf), sentPath])
    .handler(answer);
}

/** The router looks at `http.path`; `rawPath` is for certain what was sent, so that an encoded slash divides nothing. */
const sentPath: Middleware = {
  before: ({ event }) => {
    event.requestContext.http.path = event.rawPath;
  },
};

/** The edge: a Problem is the answer; anything else is logged once and shows no more than that it happened. */
const problemAnswers = (problemOf: ProblemOf): Middleware => ({
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
  ['cross-origin-embedder-policy', 'Cross-Origin-Embedder-Policy'],
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

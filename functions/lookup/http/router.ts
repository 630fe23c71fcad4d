import httpRouter, { type Method as RouterMethod } from '@middy/http-router';
import type { Context, LambdaFunctionURLEvent } from 'aws-lambda';
import { authenticate, need } from '../access/access.ts';
import type { Lookup } from '../lookup.ts';
import type { Method, Route } from '../route.ts';
import { methodNotAllowed, notFound } from './problem.ts';
import { type Answer, findHeader, readRequest } from './request.ts';

/** What answers an event. Throws a Problem where no route does. */
export type Answering = (event: LambdaFunctionURLEvent, context: Context) => Promise<Answer>;

type RoutedEntry = { method: RouterMethod; path: string; handler: (event: LambdaFunctionURLEvent) => Promise<Answer> };

/** These routes over what they work with. Throws a 404 for a path that none of them has, a 405 for its other methods. */
export function routerOver(lookup: Lookup, routes: readonly Route[]): Answering {
  const entries = routes.flatMap((route) =>
    methodsOf(route.method).map(
      (method): RoutedEntry => ({ method, path: route.path, handler: answering(lookup, route) }),
    ),
  );
  const elsewhere = (path: string): never => {
    const allow = routes.filter((route) => fits(route.path, path)).flatMap((route) => methodsOf(route.method));
    throw allow.length > 0 ? methodNotAllowed(allow) : notFound('path');
  };
  return asHandler(httpRouter({ routes: asRouterTakes(entries), notFoundResponse: ({ path }) => elsewhere(path) }));
}

// The router's types know API Gateway's events only and call their own result a middy handler, which it is not.
const asRouterTakes = (entries: readonly RoutedEntry[]) =>
  [...entries] as unknown as Parameters<typeof httpRouter>[0] & [];
const asHandler = (router: unknown) => router as Answering;

const methodsOf = (method: Method): readonly RoutedEntry['method'][] => (method === 'GET' ? ['GET', 'HEAD'] : [method]);

const answering =
  (lookup: Lookup, route: Route) =>
  async (event: LambdaFunctionURLEvent): Promise<Answer> => {
    if ('open' in route) return route.open(lookup, readRequest(event));
    // Nothing is read of the request or of the store before it is known who asks, what for and how often.
    const caller = await authenticate(lookup, findHeader(event, 'authorization'));
    need(caller, route.needs);
    await lookup.countCall(caller);
    return route.answer({ lookup, caller, request: readRequest(event) });
  };

/** As the router matches: a parameter is one segment, a slash at the end is left out of account. */
function fits(pattern: string, path: string): boolean {
  const wanted = pattern.split('/');
  const given = path === '/' ? path.split('/') : path.replace(/\/$/, '').split('/');
  return (
    wanted.length === given.length &&
    wanted.every((part, i) => (part.startsWith('{') ? given[i] !== '' : part === given[i]))
  );
}

import type { LambdaFunctionURLEvent } from 'aws-lambda';
import { authenticate, need } from '../access/access.ts';
import type { Lookup } from '../lookup.ts';
import type { Method, Route } from '../route.ts';
import { dialects, routes } from '../routes.ts';
import { methodNotAllowed, notFound, type Problem } from './problem.ts';
import { type Answer, findHeader, readRequest } from './request.ts';
import { type RoutedEntry, streamingHandler } from './streaming-handler.ts';

/** The whole function over what it works with. */
export function serve(lookup: Lookup) {
  const entries = routes.flatMap((route) =>
    methodsOf(route.method).map(
      (method): RoutedEntry => ({ method, path: route.path, handler: answering(lookup, route) }),
    ),
  );
  const elsewhere = (path: string): never => {
    const allow = routes.filter((route) => fits(route.path, path)).flatMap((route) => methodsOf(route.method));
    throw allow.length > 0 ? methodNotAllowed(allow) : notFound('path');
  };
  return streamingHandler(entries, { elsewhere, problemOf }, lookup.file.corsOrigins);
}

/** A problem as the API that the path belongs to says it. */
const problemOf = (path: string, problem: Problem): unknown =>
  problem.body ?? dialects.find(({ speaks }) => speaks(path))?.writeProblem(problem) ?? problem.fault;

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

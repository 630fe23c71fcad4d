import type { Lookup } from '../lookup.ts';
import { corePart, lateParts } from '../parts.ts';
import type { LoadedPart, Part } from '../route.ts';
import type { Problem } from './problem.ts';
import { type Answering, routerOver } from './router.ts';
import { streamingHandler } from './streaming-handler.ts';

/** The whole function over what it works with. */
export function serve(lookup: Lookup) {
  const open = ({ routes, writeProblem }: LoadedPart) => ({ router: routerOver(lookup, routes), writeProblem });
  const core = open(corePart);
  const opened = new Map<Part, ReturnType<typeof open>>();
  const openLate = async (part: Part) => {
    const now = opened.get(part) ?? open(await part.load());
    opened.set(part, now);
    return now;
  };
  const partOf = (path: string) => lateParts.find(({ speaks }) => speaks(path));
  const answer: Answering = async (event, context) => {
    const part = partOf(event.rawPath);
    const { router } = part ? await openLate(part) : core;
    return router(event, context);
  };
  /** A problem as the API that the path belongs to says it. */
  const problemOf = (path: string, problem: Problem): unknown => {
    const part = partOf(path);
    return problem.body ?? (part && opened.get(part)?.writeProblem?.(problem)) ?? problem.fault;
  };
  return streamingHandler(answer, problemOf, lookup.file.corsOrigins);
}

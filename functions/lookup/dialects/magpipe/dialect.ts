import type { Dialect } from '../../route.ts';

/** Magpipe's API over everything we hold. */
export const magpipe: Dialect = {
  routes: [],
  speaks: (path) => /^\/(get-call|list-calls|get-signed-recording-url)\/?$/.test(path),
  writeProblem: ({ fault }) => fault,
};

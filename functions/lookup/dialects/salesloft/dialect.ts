import type { Dialect } from '../../route.ts';

/** Salesloft's API over everything we hold. */
export const salesloft: Dialect = {
  routes: [],
  speaks: (path) => path.startsWith('/v2/'),
  writeProblem: ({ fault }) => fault,
};

import type { Dialect } from '../../route.ts';

/** Vonage's API over everything we hold. */
export const vonage: Dialect = {
  routes: [],
  speaks: (path) => path.startsWith('/conversation-analyzer/') || path.startsWith('/interaction-content/'),
  writeProblem: ({ fault }) => fault,
};

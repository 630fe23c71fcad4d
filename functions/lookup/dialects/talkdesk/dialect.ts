import type { Dialect } from '../../route.ts';

/** Talkdesk's API over everything we hold. */
export const talkdesk: Dialect = {
  routes: [],
  speaks: (path) => /^\/(conversations|calls|recordings)\//.test(path),
  writeProblem: ({ fault }) => fault,
};

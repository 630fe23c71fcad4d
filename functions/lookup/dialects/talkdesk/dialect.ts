import type { Dialect } from '../../route.ts';
import { speaksTalkdesk } from '../speaks.ts';
import { errorSchema, writeProblem } from './problems.ts';
import { talkdeskRoutes } from './routes.ts';

/** Talkdesk's API over everything we hold. */
export const talkdesk: Dialect = {
  about: {
    name: 'Talkdesk',
    description:
      'Conversations and Recordings over the conversations of every provider. One of Talkdesk goes by its own id, any other by its uuid; ids of recordings are made of uuid and media key.',
  },
  errorSchema: () => errorSchema,
  routes: talkdeskRoutes,
  speaks: speaksTalkdesk,
  writeProblem,
};

import type { Dialect } from '../../route.ts';
import { speaksVonage } from '../speaks.ts';
import { errorSchema, writeProblem } from './problems.ts';
import { vonageRoutes } from './routes.ts';

/** Vonage's API over everything we hold. */
export const vonage: Dialect = {
  about: {
    name: 'Vonage',
    description:
      'Conversation Analyzer and Interaction Content, version 3, over the conversations of every provider. One of Vonage goes by its GUID, any other by its uuid.',
  },
  errorSchema,
  routes: vonageRoutes,
  speaks: speaksVonage,
  writeProblem,
};

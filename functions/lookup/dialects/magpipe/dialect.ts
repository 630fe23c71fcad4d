import * as z from 'zod';
import type { Problem } from '../../http/problem.ts';
import type { Dialect } from '../../route.ts';
import { speaksMagpipe } from '../speaks.ts';
import { magpipeRoutes } from './routes.ts';

/** `{"error": {"code", "message"}}`, codes in lower case with underscores. */
const writeProblem = ({ fault }: Problem): unknown => ({
  error: {
    code: fault.code.replaceAll(/[A-Z]/g, (capital) => `_${capital.toLowerCase()}`),
    message: fault.message,
  },
});

const errorSchema = z.object({ error: z.object({ code: z.string(), message: z.string() }) });

/** Magpipe's API over everything we hold. */
export const magpipe: Dialect = {
  about: {
    name: 'Magpipe dialect',
    description: 'The calls API of Magpipe (once Solo Mobile) over every conversation.',
  },
  errorSchema: () => errorSchema,
  routes: magpipeRoutes,
  speaks: speaksMagpipe,
  writeProblem,
};

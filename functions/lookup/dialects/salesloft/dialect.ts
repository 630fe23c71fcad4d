import * as z from 'zod';
import type { Problem } from '../../http/problem.ts';
import type { Dialect } from '../../route.ts';
import { speaksSalesloft } from '../speaks.ts';
import { salesloftRoutes } from './routes.ts';

/** `{"errors": {"field": ["is invalid"]}}` for what is wrong about filters, else `{"error": "…"}`. */
function writeProblem({ status, fault }: Problem): unknown {
  if (status !== 422 || !fault.fields) return { error: fault.message };
  return { errors: Object.fromEntries(fault.fields.map(({ name, description }) => [name, [description]])) };
}

const errorSchema = z.union([
  z.object({ error: z.string() }),
  z.object({ errors: z.record(z.string(), z.array(z.string())) }),
]);

/** Salesloft's API over everything we hold. */
export const salesloft: Dialect = {
  about: { name: 'Salesloft dialect', description: 'The Conversations API of Salesloft (v2) over every conversation.' },
  errorSchema: () => errorSchema,
  routes: salesloftRoutes,
  speaks: speaksSalesloft,
  writeProblem,
};

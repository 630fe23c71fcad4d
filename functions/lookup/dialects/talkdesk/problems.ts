import * as z from 'zod';
import type { Problem } from '../../http/problem.ts';

export const errorSchema = z.object({
  code: z.string(),
  message: z.string(),
  description: z.string().optional(),
  fields: z.array(z.object({ name: z.string(), description: z.string() })).optional(),
});

/** Digits, as Talkdesk's codes are; none are listed for these addresses, so that ours hold the status. */
const codeOf = (status: number): string => `01${status}00`;

/** The error of docs.talkdesk.com/reference/retrieve-all-interactions. */
export function writeProblem({ status, fault }: Problem): unknown {
  const { message, description, fields } = fault;
  return errorSchema.parse({ code: codeOf(status), message, description, fields });
}

import type * as z from 'zod';
import { Problem } from '../../http/problem.ts';

/** Questions stand in a JSON body, which may be empty; null says as little as nothing, and unknown names are passed over. */

/** No question of ours comes near either. */
const mostBytes = 64 * 1024;
const deepest = 32;

/** Throws a 400 or 413 that repeats nothing of the body. */
export function readQuestion<S extends z.ZodObject>(schema: S, body: string): z.output<S> {
  const given = Object.entries(parsed(body)).filter(([, value]) => value !== null);
  const question = schema.safeParse(Object.fromEntries(given));
  if (question.success) return question.data;
  const [issue] = question.error.issues;
  const name = String(issue?.path[0] ?? 'body');
  if (given.every(([field]) => field !== name)) throw missing(name);
  throw new Problem(400, { code: 'invalidParam', message: `${name}: ${issue?.message ?? 'is not valid'}` });
}

export const missing = (name: string): Problem =>
  new Problem(400, { code: 'missingParam', message: `${name} is required` });

function parsed(body: string): object {
  if (Buffer.byteLength(body) > mostBytes) {
    throw new Problem(413, { code: 'bodyTooLarge', message: `Expected at most ${mostBytes} bytes.` });
  }
  if (body.trim() === '') return {};
  if (depthOf(body) > deepest) throw notJson();
  try {
    const value: unknown = JSON.parse(body);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  } catch {
    throw notJson();
  }
  throw notJson();
}

const notJson = (): Problem => new Problem(400, { code: 'invalidJson', message: 'Expected a JSON object.' });

/**
 * How deep brackets stand in each other, those in texts left out. A text may lack its end: were it not taken to the body's
 * end at once, each of its quotes would be tried as a beginning, which is seconds of work for a body of this size.
 */
function depthOf(json: string): number {
  let [depth, most] = [0, 0];
  for (const bracket of json.replaceAll(/"(?:[^"\\]|\\.)*"?/gs, '').match(/[[\]{}]/g) ?? []) {
    depth += bracket === '[' || bracket === '{' ? 1 : -1;
    most = Math.max(most, depth);
  }
  return most;
}

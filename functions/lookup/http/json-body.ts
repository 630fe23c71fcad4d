import type * as z from 'zod';
import { badParameters, bodyTooLarge, unsupportedMediaType } from './problem.ts';
import { parseFields } from './query-string.ts';
import type { Request } from './request.ts';

/** No request of ours comes near. */
const mostBytes = 64 * 1024;

/**
 * The JSON object of a request's body by its schema. Throws a 415 for another type or a packed body, a 413 for one that is
 * too large, and a 400 that names each field that is unknown or wrong; none repeats anything of the body.
 */
export function readJsonBody<T>(schema: z.ZodType<T>, { headers, body }: Request): T {
  const type = headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  const coding = headers['content-encoding']?.trim().toLowerCase() ?? 'identity';
  if ((type !== undefined && type !== 'application/json') || coding !== 'identity') {
    throw unsupportedMediaType('application/json');
  }
  if (Buffer.byteLength(body) > mostBytes) throw bodyTooLarge(mostBytes);
  return parseFields(schema, parsed(body), 'body');
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw badParameters([{ name: 'body', description: 'expected a JSON object' }]);
  }
}

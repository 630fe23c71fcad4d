import type * as z from 'zod';
import { badParameters, type FieldFault } from './problem.ts';
import { readPair } from './query-pair.ts';

/** More parameters than any route knows: a longer query is refused unread. */
const mostPairs = 64;

/**
 * The parameters of a query string. Throws a 400 that names what is repeated, empty or wrongly encoded; the parsed
 * form that Lambda offers joins repeated keys with commas, so it cannot tell.
 */
export function readQuery(query: string): ReadonlyMap<string, string> {
  const pairs = query.split('&', mostPairs + 1).filter((pair) => pair !== '');
  const values = new Map<string, string>();
  const faults: FieldFault[] = [];
  if (pairs.length > mostPairs) faults.push({ name: 'query', description: `expected at most ${mostPairs} parameters` });
  for (const pair of pairs) {
    const { name, value } = readPair(pair);
    if (name === null) faults.push({ name: pair.split('=', 1).join(), description: 'expected UTF-8' });
    else if (values.has(name)) faults.push({ name, description: 'must stand only once' });
    else if (value === '') faults.push({ name, description: 'must not be empty' });
    else if (value === null) faults.push({ name, description: 'expected percent-encoded UTF-8' });
    else values.set(name, value);
  }
  if (faults.length > 0) throw badParameters(faults);
  return values;
}

/** The parameters by their schema. Throws a 400 that names each that is unknown or wrong, and repeats no value. */
export const parseParameters = <T>(schema: z.ZodType<T>, values: ReadonlyMap<string, string>): T =>
  parseFields(schema, Object.fromEntries(values), 'query');

/** The same of any value; what is wrong with it as a whole is said of `whole`. */
export function parseFields<T>(schema: z.ZodType<T>, value: unknown, whole: string): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw badParameters(
    parsed.error.issues.flatMap((issue): FieldFault[] =>
      issue.code === 'unrecognized_keys'
        ? issue.keys.map((name) => ({ name, description: 'is not known here' }))
        : [{ name: String(issue.path[0] ?? whole), description: issue.message }],
    ),
  );
}

import type * as z from 'zod';
import { Problem } from '../../http/problem.ts';
import { readPair } from '../../http/query-pair.ts';

/**
 * Parameters as Salesloft takes them: unknown names are passed over, a bad value of a filter is a 422 that names it, and a
 * list may be given as `ids=a,b`, as `ids[]=a&ids[]=b` or as a repeated name.
 */

/** More pairs than any list of ids that fits an address has. */
const mostPairs = 2_000;

/** Throws a 422 that names each bad filter. */
export function readQuery<S extends z.ZodObject>(schema: S, lists: readonly string[], query: string): z.output<S> {
  const given = pairsOf(query);
  const values = Object.keys(schema.shape).flatMap((name) => {
    const isList = lists.includes(name);
    const all = [...(given.get(name) ?? []), ...(isList ? (given.get(`${name}[]`) ?? []) : [])];
    if (all.length === 0) return [];
    // Several values of what is no list, and one that cannot be read, are left for the schema to refuse.
    const readable = all.every((value) => value !== null) && (isList || all.length === 1);
    return [[name, readable ? all.join(',') : all] as const];
  });
  const parsed = schema.safeParse(Object.fromEntries(values));
  if (parsed.success) return parsed.data;
  throw invalidFilters(parsed.error.issues.map(({ path }) => String(path[0]).replace(/\[.*$/, '')));
}

/** Values by name, in their order; null for one that is wrongly encoded. */
function pairsOf(query: string): ReadonlyMap<string, (string | null)[]> {
  const values = new Map<string, (string | null)[]>();
  const pairs = query.split('&', mostPairs + 1);
  if (pairs.length > mostPairs) {
    throw new Problem(400, { code: 'invalidParameters', message: `Expected at most ${mostPairs} parameters.` });
  }
  for (const pair of pairs) {
    const { name, value } = readPair(pair);
    if (name === null || name === '') continue;
    values.set(name, [...(values.get(name) ?? []), value]);
  }
  return values;
}

const invalidFilters = (names: readonly string[]): Problem =>
  new Problem(422, {
    code: 'invalidFilters',
    message: 'A filter is not valid.',
    fields: [...new Set(names)].map((name) => ({ name, description: 'is invalid' })),
  });

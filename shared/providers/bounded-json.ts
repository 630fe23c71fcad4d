import type { Content } from '#shared/domain/conversation.ts';

export type Json = Content['metadata'][string];

/** What one value of unknown shape may bring into `metadata`, which every list page carries. */
const limits = { depth: 6, values: 500, characters: 4_000 } as const;

/** A link with a query may be signed: it changes with every answer and is no content. */
const isLink = (value: string): boolean => /^https?:\/\/\S*\?/i.test(value);

/**
 * A copy of a value whose shape the provider does not tell, fit for `metadata`: well-formed text, no `__proto__`, and
 * whatever is too deep, too long, too many or a signed link left out. Undefined where nothing remains.
 */
export function boundedJson(value: unknown): Json | undefined {
  let left: number = limits.values;
  const copy = (inner: unknown, depth: number): Json | undefined => {
    left -= 1;
    if (left < 0) return undefined;
    if (inner === null || typeof inner === 'boolean') return inner;
    if (typeof inner === 'number') return Number.isFinite(inner) ? inner : undefined;
    if (typeof inner === 'string') {
      return inner.length > limits.characters || isLink(inner) ? undefined : inner.toWellFormed();
    }
    if (typeof inner !== 'object' || depth === 0) return undefined;
    if (Array.isArray(inner)) return copyArray(inner, depth);
    return copyObject(inner, depth);
  };
  const copyArray = (inner: readonly unknown[], depth: number): Json[] =>
    inner
      .slice(0, limits.values)
      .map((element) => copy(element, depth - 1))
      .filter((element) => element !== undefined);
  const copyObject = (inner: object, depth: number): Record<string, Json> => {
    const result: Record<string, Json> = {};
    for (const [key, field] of Object.entries(inner)) {
      if (left <= 0) break;
      if (key === '__proto__' || key.length > 128) continue;
      const kept = copy(field, depth - 1);
      if (kept !== undefined) result[key.toWellFormed()] = kept;
    }
    return result;
  };
  return copy(value, limits.depth);
}

/** Metadata of the fields that say something: null, undefined and empty lists are left out. */
export function metadataOf(fields: Readonly<Record<string, Json | undefined>>): Content['metadata'] {
  const result: Content['metadata'] = {};
  for (const [key, value] of Object.entries(fields)) {
    if (value === undefined || value === null) continue;
    if (Array.isArray(value) && value.length === 0) continue;
    if (typeof value === 'object' && !Array.isArray(value) && Object.keys(value).length === 0) continue;
    result[key] = value;
  }
  return result;
}

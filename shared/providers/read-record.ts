import type * as z from 'zod';
import { RecordInvalid } from '#shared/domain/errors.ts';

/**
 * Reading of what a provider sends: strict about the few fields without which a record is nothing, lenient about all
 * others. What is unknown or of a wrong type is left out and noted as drift, never a failure.
 */

/** Field paths that did not fit, without values: `a.b` (unknown field), `a.b=<number>` (wrong type), `a=<new>` (unknown word). */
export type Drift = Set<string>;

/** Noted per record; more say nothing new and could be made without end. */
const mostDrift = 100;

export function note(drift: Drift, path: string): void {
  if (drift.size < mostDrift) drift.add(path);
}

type ReadOptions = {
  drift: Drift;
  /** where the record stands in the answer, for the paths; empty for the record itself */
  at?: string;
  /** top-level fields that must be right, each with what is expected there */
  essential?: Readonly<Record<string, string>>;
  /** takes the unknown top-level fields as sent, names that are plain words only */
  unknown?: Record<string, unknown>;
};

type Issue = z.core.$ZodIssue;

/** A field name is the provider's data too: only a plain word is repeated in a path. */
const isPlainName = (name: string): boolean => /^[A-Za-z][A-Za-z0-9_-]{0,63}$/.test(name);
const plainName = (key: PropertyKey): string => (isPlainName(String(key)) ? String(key) : '<other>');

const pathOf = (at: string, path: readonly PropertyKey[]): string =>
  [at, ...path.map(plainName)].filter((part) => part !== '').join('.');

/** The JSON kind of a value, for drift paths. */
export function kindOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}

const isObject = (value: unknown): value is Readonly<Record<PropertyKey, unknown>> =>
  typeof value === 'object' && value !== null;

const valueAt = (value: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>((inner, key) => (isObject(inner) ? inner[key] : undefined), value);

/** The same value where the object at `path` has lost these fields; only the objects on the way are copied. */
function without(value: unknown, path: readonly PropertyKey[], lost: ReadonlySet<PropertyKey>): unknown {
  if (!isObject(value)) return value;
  const [key, ...rest] = path;
  if (key === undefined) return Object.fromEntries(Object.entries(value).filter(([name]) => !lost.has(name)));
  return { ...value, [key]: without(value[key], rest, lost) };
}

function refuseEssential(issues: readonly Issue[], { at = '', essential = {} }: ReadOptions): void {
  const faults = issues.flatMap((issue) => {
    if (issue.code === 'unrecognized_keys') return [];
    const [field] = issue.path;
    if (field === undefined) return [`${at || 'record'}: expected an object`];
    const expected = Object.hasOwn(essential, field) ? essential[String(field)] : undefined;
    return expected ? [`${pathOf(at, [field])}: expected ${expected}`] : [];
  });
  if (faults.length > 0) throw new RecordInvalid([...new Set(faults)]);
}

function withoutFaults(raw: unknown, issues: readonly Issue[], { drift, at = '' }: ReadOptions): unknown {
  let value = raw;
  for (const issue of issues) {
    if (issue.code === 'unrecognized_keys') {
      for (const key of issue.keys) note(drift, pathOf(at, [...issue.path, key]));
      value = without(value, issue.path, new Set(issue.keys));
    } else {
      note(drift, `${pathOf(at, issue.path)}=<${kindOf(valueAt(raw, issue.path))}>`);
      value = without(value, issue.path.slice(0, -1), new Set(issue.path.slice(-1)));
    }
  }
  return value;
}

/** Notes an object's fields that are not known, and keeps them in `unknown` where their names are plain words. */
function noteUnknownFields(
  known: object,
  raw: Readonly<Record<PropertyKey, unknown>>,
  at: string,
  drift: Drift,
  unknown?: Record<string, unknown>,
): void {
  for (const key in raw) {
    if (Object.hasOwn(known, key)) continue;
    noteUnknownField(at, key, drift);
    if (unknown && isPlainName(key)) unknown[key] = raw[key];
  }
}

/** Notes a field of the object at `at` that is not known. */
export const noteUnknownField = (at: string, name: string, drift: Drift): void => note(drift, pathOf(at, [name]));

/** One pass names every fault of a level; a second sees what they hid. */
const mostPasses = 4;

/**
 * The record by its schema; objects inside it are `strictObject`s. Throws RecordInvalid where an essential field is wrong;
 * its issues are paths and what was expected there.
 */
export function readRecord<S extends z.ZodObject>(schema: S, raw: unknown, options: ReadOptions): z.output<S> {
  let value = raw;
  for (let pass = 0; pass < mostPasses; pass++) {
    const parsed = schema.safeParse(value);
    if (parsed.success) {
      const { drift, at = '', unknown } = options;
      if (isObject(raw)) noteUnknownFields(schema.shape, raw, at, drift, unknown);
      return parsed.data;
    }
    refuseEssential(parsed.error.issues, options);
    value = withoutFaults(value, parsed.error.issues, options);
  }
  throw new RecordInvalid([`${options.at || 'record'}: expected a known shape`]);
}

/** The elements that are objects, each read leniently; others are noted and left out. */
export function readEach<S extends z.ZodObject>(
  schema: S,
  values: readonly unknown[] | null | undefined,
  at: string,
  drift: Drift,
): z.output<S>[] {
  return (values ?? []).flatMap((value) => {
    if (isObject(value) && !Array.isArray(value)) return [readRecord(schema, value, { drift, at })];
    note(drift, `${at}=<${kindOf(value)}>`);
    return [];
  });
}

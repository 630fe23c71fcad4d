/** Damaging a record: one field gone or of a wrong kind. */

type Path = readonly (string | number)[];

/** Paths of every value inside, objects and elements alike. */
export function pathsOf(value: unknown, at: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [at];
  return [at, ...Object.entries(value).flatMap(([key, inner]) => pathsOf(inner, [...at, key]))];
}

const gone = Symbol('gone');

/** The same value with another one, or nothing, at a path. */
export function changed(value: unknown, [key, ...rest]: Path, to: unknown): unknown {
  if (key === undefined) return to;
  if (Array.isArray(value))
    return value.flatMap((inner, i) => (String(i) === key ? put(changed(inner, rest, to)) : [inner]));
  const entries = Object.entries(value ?? {}).flatMap(([name, inner]) =>
    name === key ? put(changed(inner, rest, to)).map((made) => [name, made] as const) : [[name, inner] as const],
  );
  return Object.fromEntries(entries);
}

const put = (made: unknown): unknown[] => (made === gone ? [] : [made]);

/** One value of each wrong kind, the odd ones that JSON can hold included. */
export const wrongs: readonly unknown[] = [
  gone,
  null,
  '',
  '  ',
  'na',
  'constructor',
  '__proto__',
  '2026-02-30T99:00:00Z',
  '9999-12-31T23:59:59.999999-12:00',
  'lone \ud83d surrogate',
  'x'.repeat(10_000),
  -1,
  0.1,
  1e308,
  Number.POSITIVE_INFINITY,
  true,
  [],
  [[null, 1, 'x', {}]],
  {},
  JSON.parse('{"__proto__":{"polluted":true},"id":{},"lone \\ud83d":1}'),
];

import { type Drift, kindOf, note, noteUnknownField } from './read-record.ts';

/**
 * Reading of the small flat records that stand by the dozen inside a record (a call's messages): as lenient as
 * `readRecord`, but in one pass and with one object for each. A schema library makes two more objects for every field,
 * which for the thirty messages of a call is a sixth of all the work on it (`npm run bench -- recordCpu`).
 */
type Kind = 'text' | 'number' | 'id' | 'unread';

/** Field names with what stands there: `id` is text or a number, `unread` is known but of no use to us. */
export type FlatFields = Readonly<Record<string, Kind>>;

/** Every field that is read, null where it is missing or of another type. */
export type Flat<F extends FlatFields> = {
  [Name in keyof F as F[Name] extends 'unread' ? never : Name]: (F[Name] extends 'number' ? number : string) | null;
};

/** A reader of the objects in a list; what is no object, unknown or of a wrong type is noted as drift under `at`. */
export function flatReader<F extends FlatFields>(fields: F, at: string) {
  const kinds: ReadonlyMap<string, Kind> = new Map(Object.entries(fields));
  const blank: Readonly<Record<string, string | number | null>> = Object.fromEntries(
    [...kinds].filter(([, kind]) => kind !== 'unread').map(([name]) => [name, null]),
  );
  const readOne = (raw: Readonly<Record<string, unknown>>, drift: Drift): Flat<F> => {
    const flat: Record<string, string | number | null> = { ...blank };
    for (const name in raw) {
      const kind = kinds.get(name);
      const value = raw[name];
      if (kind === undefined) noteUnknownField(at, name, drift);
      if (kind === undefined || kind === 'unread' || value === null || value === undefined) continue;
      const fit = fitting(value, kind);
      if (fit === null) note(drift, `${at}.${name}=<${kindOf(value)}>`);
      else flat[name] = fit;
    }
    // Built field by field from the same table that gives the type.
    return flat as Flat<F>;
  };
  return (values: readonly unknown[] | null | undefined, drift: Drift): Flat<F>[] =>
    (values ?? []).flatMap((value) => {
      if (isRecord(value)) return [readOne(value, drift)];
      note(drift, `${at}=<${kindOf(value)}>`);
      return [];
    });
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function fitting(value: unknown, kind: Kind): string | number | null {
  if (kind === 'number') return typeof value === 'number' && Number.isFinite(value) ? value : null;
  if (typeof value === 'string') return value.toWellFormed();
  return kind === 'id' && typeof value === 'number' ? String(value) : null;
}

/**
 * Fields of a record to be written wrongly: the JSON text to write in a field's place, or null to leave the field out.
 * Text, because some of it (100,000 levels deep, NaN, a lone surrogate) is beyond JSON.stringify.
 */
export type Malformed = Readonly<Record<string, string | null>>;

/** The record as JSON text, with its malformed fields in place. */
export function recordText(fields: Readonly<Record<string, unknown>>, malformed?: Malformed): string {
  if (malformed === undefined) return JSON.stringify(fields);
  const written = Object.entries(fields)
    .filter(([name, value]) => !Object.hasOwn(malformed, name) && value !== undefined)
    .map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`);
  const wrong = Object.entries(malformed)
    .filter(([, text]) => text !== null)
    .map(([name, text]) => `${JSON.stringify(name)}:${text}`);
  return `{${[...written, ...wrong].join(',')}}`;
}

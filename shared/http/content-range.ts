/** `first` and `last` count from 0 and are both included; `total` is null where the server does not say. */
export type ContentRange = { first: number; last: number; total: number | null };

const satisfied = /^bytes (\d{1,15})-(\d{1,15})\/(\d{1,15}|\*)$/i;
const unsatisfied = /^bytes \*\/(\d{1,15})$/i;

/** The `Content-Range` of a 206 (RFC 9110 14.4), or null where it is none that makes sense. */
export function parseContentRange(text: string | undefined): ContentRange | null {
  const [, a, b, c] = satisfied.exec(text ?? '') ?? [];
  if (a === undefined || b === undefined) return null;
  const [first, last, total] = [Number(a), Number(b), c === undefined || c === '*' ? null : Number(c)];
  return first <= last && (total === null || last < total) ? { first, last, total } : null;
}

/** The length that a 416 tells, or null. */
export function parseUnsatisfied(text: string | undefined): number | null {
  const [, total] = unsatisfied.exec(text ?? '') ?? [];
  return total === undefined ? null : Number(total);
}

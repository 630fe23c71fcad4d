/** Paging by opaque text, alike where a provider's list is by start. Names ending in `Us` are microseconds since 1970. */

/** `[fromUs, toUs)` */
export type Interval = { readonly fromUs: number; readonly toUs: number };

/** Where a reader of an interval stands: the last record it was given. */
export type Position = Interval & { readonly afterUs: number; readonly afterId: string };

export type Sealed = Position & { readonly issuedAtMs: number };

/** Base64 turns it into text that holds `+` and `/`. */
const prefix = 'c:>c:?';

/** Opaque text that always holds `+`, `/` and `=`, so that a client that encodes it wrongly is noticed. */
export function writeCursor(position: Position, issuedAtMs: number): string {
  const { fromUs, toUs, afterUs, afterId } = position;
  const text = prefix + JSON.stringify([fromUs, toUs, afterUs, afterId, issuedAtMs]);
  // blanks until base64 must pad with two signs
  return Buffer.from(text.padEnd(text.length + ((4 - (text.length % 3)) % 3))).toString('base64');
}

/** Undefined for what this fake did not write, or wrote too long ago. */
export function readCursor(cursor: string, nowMs: number, lifeMs = Number.POSITIVE_INFINITY): Sealed | undefined {
  const sealed = unseal(cursor);
  return sealed === undefined || nowMs - sealed.issuedAtMs > lifeMs ? undefined : sealed;
}

function unseal(cursor: string): Sealed | undefined {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(cursor)) return undefined;
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, 'base64').toString().slice(prefix.length));
    if (!Array.isArray(parts) || parts.length !== 5 || typeof parts[3] !== 'string') return undefined;
    const [fromUs, toUs, afterUs, afterId, issuedAtMs] = parts;
    const numbers: unknown[] = [fromUs, toUs, afterUs, issuedAtMs];
    return numbers.every(Number.isFinite) ? { fromUs, toUs, afterUs, afterId, issuedAtMs } : undefined;
  } catch {
    return undefined;
  }
}

import { createHmac, timingSafeEqual } from 'node:crypto';

type Algorithm = 'sha1' | 'sha256' | 'sha384' | 'sha512';

/** The HMAC over the parts one behind the other, as text. A key without a byte is nobody's: who asks must have one. */
export function keyedHash(
  algorithm: Algorithm,
  key: string | Uint8Array,
  parts: readonly (string | Uint8Array)[],
  encoding: 'hex' | 'base64' | 'base64url',
): string {
  const hash = createHmac(algorithm, key);
  for (const part of parts) hash.update(part);
  return hash.digest(encoding);
}

/**
 * Whether two texts are the same, in a time that does not tell where they differ; only their lengths show. Signatures are
 * compared as the text that was sent: of their bytes, several texts would be the same signature.
 */
export function sameText(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}

/** The bytes of a secret that is written in base64 or base64url, or null where it is not, or holds none. */
export function base64Key(text: string): Buffer | null {
  if (!/^[\w+/-]+={0,2}$/.test(text)) return null;
  const key = Buffer.from(text, 'base64');
  return key.length === 0 ? null : key;
}

import { hkdfSync } from 'node:crypto';

/** Length of a key's id in characters of base64url. */
export const keyIdLength = 8;

/** Keys of 32 bytes, each for one purpose, under a short id that tells nothing of them. */
export type LookupKeys = { id: string; tokens: Uint8Array; cursors: Uint8Array; links: Uint8Array };

/** What is signed and sealed now uses `current`; what is opened may be of any of `all`, the current one first. */
export type KeyRing = { current: LookupKeys; all: readonly LookupKeys[] };

/** All keys from the one signing secret (HKDF, RFC 5869), so that none can stand in for another. */
export function deriveKeys(signingSecret: string): LookupKeys {
  const derive = (purpose: string, bytes = 32) =>
    new Uint8Array(hkdfSync('sha256', signingSecret, 'earshot', purpose, bytes));
  return {
    id: Buffer.from(derive('key id', (keyIdLength * 3) / 4)).toString('base64url'),
    tokens: derive('access token, HS256'),
    cursors: derive('list cursor, AES-256-GCM'),
    links: derive('media link, HS256'),
  };
}

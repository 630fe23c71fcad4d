import { hkdfSync } from 'node:crypto';

/** Keys of 32 bytes, each for one purpose. */
export type LookupKeys = { tokens: Uint8Array; cursors: Uint8Array; links: Uint8Array };

/** What is signed and sealed now uses `current`; what is opened may be of any of `all`, the current one first. */
export type KeyRing = { current: LookupKeys; all: readonly LookupKeys[] };

/** All keys from the one signing secret (HKDF, RFC 5869), so that none can stand in for another. */
export function deriveKeys(signingSecret: string): LookupKeys {
  const derive = (purpose: string) => new Uint8Array(hkdfSync('sha256', signingSecret, 'earshot', purpose, 32));
  return {
    tokens: derive('access token, HS256'),
    cursors: derive('list cursor, AES-256-GCM'),
    links: derive('media link, HS256'),
  };
}

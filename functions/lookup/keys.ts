import { hkdfSync } from 'node:crypto';

/** Keys of 32 bytes, each for one purpose. */
export type LookupKeys = { tokens: Uint8Array; cursors: Uint8Array };

/** Both keys from the one signing secret (HKDF, RFC 5869), so that neither can stand in for the other. */
export function deriveKeys(signingSecret: string): LookupKeys {
  const derive = (purpose: string) => new Uint8Array(hkdfSync('sha256', signingSecret, 'earshot', purpose, 32));
  return { tokens: derive('access token, HS256'), cursors: derive('list cursor, AES-256-GCM') };
}

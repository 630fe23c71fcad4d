import { createHash } from 'node:crypto';
import { type Claims, keyIdOf, verifyToken } from './access-token.ts';
import type { Keys } from './key-ring.ts';

/** Tokens that are remembered; the oldest gives way. */
const mostTokens = 1_000;

/** What a token of ours says; null where it is none, or its key or its time is over. */
export type ReadToken = (token: string) => Promise<Claims | null>;

/**
 * Verifies each token once and remembers what it says under its hash. Only good ones are remembered, so that forged ones
 * displace nothing; that the key still holds and the time is not over is looked at each time.
 */
export function verifiedTokens(keys: Keys, now: () => number): ReadToken {
  const seen = new Map<string, Claims>();
  return async (token) => {
    const hash = createHash('sha256').update(token).digest('base64');
    const known = seen.get(hash);
    const keyId = known?.keyId ?? keyIdOf(token);
    if (keyId === null) return null;
    const key = (await keys(keyId)).all.find(({ id }) => id === keyId);
    if (!key) return null;
    if (known) return now() < known.expiresAt ? known : null;
    const claims = await verifyToken(key, token, now());
    if (claims) remember(seen, hash, claims);
    return claims;
  };
}

function remember(seen: Map<string, Claims>, hash: string, claims: Claims): void {
  for (const oldest of seen.keys()) {
    if (seen.size < mostTokens) break;
    seen.delete(oldest);
  }
  seen.set(hash, claims);
}

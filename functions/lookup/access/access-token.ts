import { decodeProtectedHeader, errors, jwtVerify, SignJWT } from 'jose';
import * as z from 'zod';
import type { Scope } from '#shared/domain/connections.ts';
import { isScope } from './capabilities.ts';
import type { LookupKeys } from './keys.ts';

/** Life of a token in seconds. */
export const tokenLifeSeconds = 7_200;

const algorithm = 'HS256';
const issuer = 'earshot';

/** What a token of ours says; `expiresAt` in milliseconds since 1970. */
export type Claims = { keyId: string; clientId: string; scopes: readonly Scope[]; expiresAt: number };

/** A JWT that names the client and its scopes, and nothing else of it. `now` in milliseconds since 1970. */
export function signToken(key: LookupKeys, clientId: string, scopes: readonly Scope[], now: number): Promise<string> {
  const issuedAt = Math.floor(now / 1_000);
  return new SignJWT({ scope: scopes.join(' ') })
    .setProtectedHeader({ alg: algorithm, typ: 'JWT', kid: key.id })
    .setIssuer(issuer)
    .setSubject(clientId)
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + tokenLifeSeconds)
    .sign(key.tokens);
}

/** The three parts of a signed JWT: most static tokens have another shape, and an exception for each would be dear. */
const shape = /^[\w-]+\.[\w-]+\.[\w-]+$/;

/** The id of the key that a token says it was signed with; null of what is no token of ours. Proves nothing yet. */
export function keyIdOf(token: string): string | null {
  if (!shape.test(token)) return null;
  try {
    const { alg, kid } = decodeProtectedHeader(token);
    return alg === algorithm && typeof kid === 'string' ? kid : null;
  } catch (error) {
    if (error instanceof TypeError) return null;
    throw error;
  }
}

const payloadSchema = z.object({ sub: z.string(), scope: z.string(), exp: z.int() });

/** What a token says that this key signed; null where it is forged, cut or expired. */
export async function verifyToken(key: LookupKeys, token: string, now: number): Promise<Claims | null> {
  const required = {
    algorithms: [algorithm],
    issuer,
    requiredClaims: ['sub', 'exp', 'iat'],
    currentDate: new Date(now),
  };
  try {
    const { payload } = await jwtVerify(token, key.tokens, required);
    const { sub: clientId, scope, exp } = payloadSchema.parse(payload);
    return { keyId: key.id, clientId, scopes: scope.split(' ').filter(isScope), expiresAt: exp * 1_000 };
  } catch (error) {
    if (error instanceof errors.JOSEError || error instanceof z.ZodError) return null;
    throw error;
  }
}

import { errors, jwtVerify, SignJWT } from 'jose';
import * as z from 'zod';
import type { Client, Scope } from '#shared/domain/connections.ts';
import { isScope } from './capabilities.ts';
import { type Caller, callerOf, findClient } from './clients.ts';

/** Life of a token in seconds. */
export const tokenLifeSeconds = 7_200;

const algorithm = 'HS256';
const issuer = 'earshot';

/** A JWT that names the client and its scopes, and nothing else of it. `now` in milliseconds since 1970. */
export function signToken(key: Uint8Array, clientId: string, scopes: readonly Scope[], now: number): Promise<string> {
  const issuedAt = Math.floor(now / 1_000);
  return new SignJWT({ scope: scopes.join(' ') })
    .setProtectedHeader({ alg: algorithm, typ: 'JWT' })
    .setIssuer(issuer)
    .setSubject(clientId)
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + tokenLifeSeconds)
    .sign(key);
}

const claimsSchema = z.object({ sub: z.string(), scope: z.string() });

/** The caller of a token of ours; null where it is forged, expired, or its client is no longer in the configuration. */
export async function verifyToken(
  keys: readonly Uint8Array[],
  clients: readonly Client[],
  token: string,
  now: number,
): Promise<Caller | null> {
  const read = await Promise.all(keys.map((key) => readClaims(key, token, now)));
  const claims = read.find((one) => one !== null);
  const client = claims ? findClient(clients, claims.sub) : undefined;
  if (!claims || !client) return null;
  return callerOf(claims.sub, client, claims.scope.split(' ').filter(isScope));
}

async function readClaims(key: Uint8Array, token: string, now: number) {
  try {
    const required = {
      algorithms: [algorithm],
      issuer,
      requiredClaims: ['sub', 'exp', 'iat'],
      currentDate: new Date(now),
    };
    const { payload } = await jwtVerify(token, key, required);
    return claimsSchema.parse(payload);
  } catch (error) {
    if (error instanceof errors.JOSEError || error instanceof z.ZodError) return null;
    throw error;
  }
}

import { verify } from 'node:crypto';
import type { TalkdeskSettings } from './settings.ts';

export const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/** The longest life that the documents give an assertion. */
const lifeSeconds = 300;

type Claims = { iss?: unknown; sub?: unknown; aud?: unknown; iat?: unknown; exp?: unknown; jti?: unknown };

/** Whether a signed client assertion (ES256) is by our client, for this very token address, fresh and complete. */
export function isAssertionGood(jwt: string, tokenUrl: string, nowMs: number, settings: TalkdeskSettings): boolean {
  const [header = '', payload = '', signature = ''] = jwt.split('.');
  const key = settings.clientKey;
  const head = decode(header);
  const claims: Claims | undefined = decode(payload);
  if (key === undefined || claims === undefined || head?.['alg'] !== 'ES256' || head['kid'] !== key.keyId) return false;
  const { iss, sub, aud, iat, exp, jti } = claims;
  const nowSeconds = nowMs / 1_000;
  const isFresh = typeof iat === 'number' && typeof exp === 'number' && nowSeconds < exp && exp - iat <= lifeSeconds;
  const isOurs = iss === settings.clientId && sub === settings.clientId && aud === tokenUrl && typeof jti === 'string';
  if (!isFresh || !isOurs) return false;
  const signed = Buffer.from(`${header}.${payload}`);
  return verify('sha256', signed, { key: key.pem, dsaEncoding: 'ieee-p1363' }, Buffer.from(signature, 'base64url'));
}

function decode(part: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString());
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

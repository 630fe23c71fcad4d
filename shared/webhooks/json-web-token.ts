import * as z from 'zod';
import { keyedHash, sameText } from './keyed-hash.ts';

/** The HMAC algorithms of RFC 7518; `none` and those with a public key are no names of this table. */
const digests = { HS256: 'sha256', HS384: 'sha384', HS512: 'sha512' } as const;

/** `crit` names what a reader must understand; we understand nothing beyond the registered names. */
const headerSchema = z.object({ alg: z.enum(['HS256', 'HS384', 'HS512']), crit: z.never().optional() });

const compact = /^([\w-]+)\.([\w-]+)\.([\w-]+)$/;

/** The claims of a token in compact form (RFC 7515) that was signed with this key, unchecked; else null. Never throws. */
export function readSignedToken(token: string, key: Uint8Array): unknown {
  const [, head = '', claims = '', signature = ''] = compact.exec(token) ?? [];
  const header = headerSchema.safeParse(decode(head));
  if (!header.success) return null;
  const expected = keyedHash(digests[header.data.alg], key, [`${head}.${claims}`], 'base64url');
  return sameText(signature, expected) ? decode(claims) : null;
}

function decode(part: string): unknown {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
  } catch {
    return null;
  }
}

import { compactVerify } from 'jose';

/** The HMAC family of RFC 7518: `none` and whatever has a public key is refused. */
const algorithms = ['HS256', 'HS384', 'HS512'];

/**
 * The claims of a JWT in compact form that was signed with this key, unchecked; else null. Never throws.
 *
 * A signature has one spelling: its last base64url digit can hold bits that decoders ignore (RFC 4648, section 3.5), and
 * a token where these are not zero is refused, so that no second text passes for a signed one.
 */
export async function readSignedClaims(token: string, key: Uint8Array): Promise<unknown> {
  const signature = token.slice(token.lastIndexOf('.') + 1);
  if (Buffer.from(signature, 'base64url').toString('base64url') !== signature) return null;
  try {
    const { payload } = await compactVerify(token, key, { algorithms });
    return JSON.parse(new TextDecoder().decode(payload));
  } catch {
    return null;
  }
}

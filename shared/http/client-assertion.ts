import { createPrivateKey, type KeyObject, randomUUID } from 'node:crypto';
import { SignJWT } from 'jose';
import { CredentialsRejected } from '#shared/domain/errors.ts';

export type KeyCredentials = { clientId: string; keyId: string; privateKey: string };

const lifeSeconds = 300;

const ecAlgorithms = new Map([
  ['prime256v1', 'ES256'],
  ['secp384r1', 'ES384'],
  ['secp521r1', 'ES512'],
]);

/**
 * The signed statement that stands for a client secret (`private_key_jwt`, RFC 7523), five minutes long, as Talkdesk
 * describes it: https://docs.talkdesk.com/reference/cc-jwt. `now` in milliseconds since 1970.
 */
export async function clientAssertion(credentials: KeyCredentials, tokenUrl: string, now: number): Promise<string> {
  const key = readKey(credentials);
  const issuedAt = Math.floor(now / 1_000);
  return new SignJWT()
    .setProtectedHeader({ alg: algorithmOf(key), kid: credentials.keyId, typ: 'JWT' })
    .setIssuer(credentials.clientId)
    .setSubject(credentials.clientId)
    .setAudience(tokenUrl)
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + lifeSeconds)
    .setJti(randomUUID())
    .sign(key);
}

function readKey({ privateKey }: KeyCredentials): KeyObject {
  try {
    return createPrivateKey(privateKey);
  } catch {
    throw new CredentialsRejected('the private key is not an unencrypted PEM key');
  }
}

function algorithmOf(key: KeyObject): string {
  if (key.asymmetricKeyType === 'rsa') return 'RS256';
  const algorithm = ecAlgorithms.get(key.asymmetricKeyDetails?.namedCurve ?? '');
  if (!algorithm) throw new CredentialsRejected('the private key is neither RSA nor on a NIST curve');
  return algorithm;
}

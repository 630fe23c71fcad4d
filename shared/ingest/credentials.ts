import { type Connection, type CredentialValue, credentialValueSchema } from '#shared/domain/connections.ts';
import { CredentialsRejected } from '#shared/domain/errors.ts';
import type { Secrets } from '#shared/storage/secrets.ts';

/** What a token may consist of, so that it can stand in a header. */
const visibleAscii = /^[\x21-\x7e]+$/;

/**
 * The connection's credentials; `fresh` reads them past every cache, for they rotate without a deployment. Throws
 * CredentialsRejected, naming the secret and never what it holds, where there are none that can be used.
 */
export async function readCredentials(
  { id, credentials }: Connection,
  secrets: Secrets,
  fresh: boolean,
): Promise<CredentialValue> {
  if (!('secret' in credentials)) return usable(credentials, `connection ${id}`);
  const owner = `connection ${id}: secret ${credentials.secret}`;
  const text = await secrets.read(credentials.secret, { fresh }).catch((error: unknown) => {
    const missing = error instanceof Error && error.name === 'ResourceNotFoundException';
    throw missing ? new CredentialsRejected(`${owner} does not exist`) : error;
  });
  const parsed = credentialValueSchema.safeParse(parseOrNull(text));
  if (parsed.success) return usable(parsed.data, owner);
  throw new CredentialsRejected(
    `${owner} does not hold credentials: expected JSON {clientId, clientSecret}, {clientId, keyId, privateKey} or {token}`,
  );
}

function parseOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function usable(value: CredentialValue, owner: string): CredentialValue {
  if (!('token' in value) || visibleAscii.test(value.token)) return value;
  throw new CredentialsRejected(`${owner}: the token holds blanks, line ends or other characters no header can carry`);
}

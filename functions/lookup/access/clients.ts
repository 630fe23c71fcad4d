import { createHash, timingSafeEqual } from 'node:crypto';
import type { Client, Scope, SecretReference } from '#shared/domain/connections.ts';
import { isMissing, type Secrets } from '#shared/storage/secrets.ts';
import { type Capability, capabilitiesOf } from './capabilities.ts';

/** Who asks, what they may do, whose conversations they may see (null: every connection's), and how often they may ask. */
export type Caller = {
  id: string;
  can: ReadonlySet<Capability>;
  connections: ReadonlySet<string> | null;
  perMinute: number;
};

type SecretClient = Extract<Client, { clientSecret: unknown }>;
type TokenClient = Extract<Client, { token: unknown }>;

const holdsSecret = (client: Client): client is SecretClient => 'clientSecret' in client;
const holdsToken = (client: Client): client is TokenClient => 'token' in client;

export const findClient = (clients: readonly Client[], clientId: string): SecretClient | undefined =>
  clients.filter(holdsSecret).find((client) => client.clientId === clientId);

/** The caller behind a client, no more than it may do now: a scope taken from the client is lost to its old tokens too. */
export function callerOf(id: string, client: Client, scopes: readonly Scope[]): Caller {
  const now = capabilitiesOf(client.scopes);
  const can = [...capabilitiesOf(scopes)].filter((capability) => now.has(capability));
  const connections = client.connections ? new Set(client.connections) : null;
  return { id, can: new Set(can), connections, perMinute: client.perMinute };
}

/** Whether the client has this secret. An unknown client takes as long as a known one with a wrong secret. */
export async function secretFits(
  secrets: Secrets,
  client: SecretClient | undefined,
  presented: string,
): Promise<boolean> {
  const secret = client ? await textOf(secrets, client.clientSecret) : null;
  return sameDigest(digest(secret ?? ''), digest(presented)) && secret !== null;
}

/** Whether the client's secret is there still: taking it away ends its tokens too, as soon as that is seen. */
export const hasSecret = async (secrets: Secrets, client: SecretClient): Promise<boolean> =>
  (await textOf(secrets, client.clientSecret)) !== null;

/**
 * The caller whose static token this is. A secret that is gone refuses its own client; one that cannot be read does not
 * lock the other clients out.
 */
export async function findTokenCaller(
  secrets: Secrets,
  clients: readonly Client[],
  presented: string,
): Promise<Caller | null> {
  const withToken = clients.filter(holdsToken);
  const values = await Promise.allSettled(withToken.map((client) => textOf(secrets, client.token)));
  const given = digest(presented);
  let found: Caller | null = null;
  for (const [i, client] of withToken.entries()) {
    const value = values[i];
    if (value?.status !== 'fulfilled' || value.value === null) continue;
    if (!sameDigest(digest(value.value), given)) continue;
    found ??= callerOf(tokenClientId(client, given), client, client.scopes);
  }
  const failed = values.find((value) => value.status === 'rejected');
  if (found === null && failed) throw failed.reason;
  return found;
}

/** A static token without a client id is known by its hash, so another token is another client. */
const tokenClientId = ({ clientId }: TokenClient, tokenDigest: Buffer): string =>
  clientId ?? `token-${tokenDigest.toString('hex').slice(0, 16)}`;

/** The caller of this id as it may ask now; null where no client has it any more, or its secret was taken away. */
export async function findCallerById(secrets: Secrets, clients: readonly Client[], id: string): Promise<Caller | null> {
  const named = findClient(clients, id);
  if (named) return (await hasSecret(secrets, named)) ? callerOf(id, named, named.scopes) : null;
  for (const client of clients.filter(holdsToken)) {
    const token = await textOf(secrets, client.token);
    if (token !== null && tokenClientId(client, digest(token)) === id) return callerOf(id, client, client.scopes);
  }
  return null;
}

/** The value of a secret; null where it is gone. */
async function textOf(secrets: Secrets, value: string | SecretReference): Promise<string | null> {
  if (typeof value === 'string') return value;
  try {
    return await secrets.read(value.secret);
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Of texts: in a time that does not depend on where they differ, nor on their lengths. */
const sameDigest = (a: Buffer, b: Buffer): boolean => timingSafeEqual(a, b);

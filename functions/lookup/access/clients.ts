import { createHash, timingSafeEqual } from 'node:crypto';
import type { Client, Scope, SecretReference } from '#shared/domain/connections.ts';
import type { Secrets } from '#shared/storage/secrets.ts';
import { type Capability, capabilitiesOf } from './capabilities.ts';

/** Who asks, what they may do, and whose conversations they may see (null: every connection's). */
export type Caller = { id: string; can: ReadonlySet<Capability>; connections: ReadonlySet<string> | null };

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
  return { id, can: new Set(can), connections: client.connections ? new Set(client.connections) : null };
}

/** Whether the client has this secret. An unknown client takes as long as a known one with a wrong secret. */
export async function secretFits(
  secrets: Secrets,
  client: SecretClient | undefined,
  presented: string,
): Promise<boolean> {
  const secret = client ? await textOf(secrets, client.clientSecret) : '';
  return sameText(secret, presented) && client !== undefined;
}

/** The caller whose static token this is. One secret that cannot be read does not lock the other clients out. */
export async function findTokenCaller(
  secrets: Secrets,
  clients: readonly Client[],
  presented: string,
): Promise<Caller | null> {
  const withToken = clients.filter(holdsToken);
  const values = await Promise.allSettled(withToken.map((client) => textOf(secrets, client.token)));
  let found: Caller | null = null;
  for (const [i, client] of withToken.entries()) {
    const value = values[i];
    if (value?.status !== 'fulfilled' || !sameText(value.value, presented)) continue;
    found ??= callerOf(
      client.clientId ?? `token-${digest(presented).toString('hex').slice(0, 16)}`,
      client,
      client.scopes,
    );
  }
  const failed = values.find((value) => value.status === 'rejected');
  if (found === null && failed) throw failed.reason;
  return found;
}

const textOf = (secrets: Secrets, value: string | SecretReference): Promise<string> =>
  typeof value === 'string' ? Promise.resolve(value) : secrets.read(value.secret);

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** In a time that does not depend on where the texts differ, nor on their lengths. */
const sameText = (a: string, b: string): boolean => timingSafeEqual(digest(a), digest(b));

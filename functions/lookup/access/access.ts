import { forbidden, unauthorized } from '../http/problem.ts';
import type { Lookup } from '../lookup.ts';
import { type Capability, scopeOf } from './capabilities.ts';
import { type Caller, callerOf, findClient, findTokenCaller, hasSecret } from './clients.ts';

/** Who sent this `Authorization` header. Throws a 401 without a token that is good now. */
export async function authenticate(lookup: Lookup, authorization: string | undefined): Promise<Caller> {
  const token = /^Bearer +(\S+) *$/i.exec(authorization ?? '')?.[1];
  if (token === undefined) throw unauthorized(authorization !== undefined);
  const caller =
    (await findSignedCaller(lookup, token)) ?? (await findTokenCaller(lookup.secrets, lookup.file.clients, token));
  if (!caller) throw unauthorized(true);
  return caller;
}

/** The caller of a token that we signed; null where its client is no longer there, or its secret was taken away. */
async function findSignedCaller({ readToken, secrets, file }: Lookup, token: string): Promise<Caller | null> {
  const claims = await readToken(token);
  const client = claims ? findClient(file.clients, claims.clientId) : undefined;
  if (!claims || !client || !(await hasSecret(secrets, client))) return null;
  return callerOf(claims.clientId, client, claims.scopes);
}

/** Throws a 403 that names the missing scope. */
export function need(caller: Caller, capability: Capability): void {
  if (!caller.can.has(capability)) throw forbidden(scopeOf[capability]);
}

export const maySee = ({ connections }: Pick<Caller, 'connections'>, connection: string): boolean =>
  connections?.has(connection) ?? true;

import { forbidden, unauthorized } from '../http/problem.ts';
import type { Lookup } from '../lookup.ts';
import { verifyToken } from './access-token.ts';
import { type Capability, scopeOf } from './capabilities.ts';
import { type Caller, findTokenCaller } from './clients.ts';

/** Who sent this `Authorization` header. Throws a 401 without a token that is good now. */
export async function authenticate(lookup: Lookup, authorization: string | undefined): Promise<Caller> {
  const token = /^Bearer +(\S+) *$/i.exec(authorization ?? '')?.[1];
  if (token === undefined) throw unauthorized(authorization !== undefined);
  const { clients } = lookup.file;
  const keys = (await lookup.keys()).all.map(({ tokens }) => tokens);
  const caller =
    (await verifyToken(keys, clients, token, lookup.now())) ?? (await findTokenCaller(lookup.secrets, clients, token));
  if (!caller) throw unauthorized(true);
  return caller;
}

/** Throws a 403 that names the missing scope. */
export function need(caller: Caller, capability: Capability): void {
  if (!caller.can.has(capability)) throw forbidden(scopeOf[capability]);
}

export const maySee = ({ connections }: Caller, connection: string): boolean => connections?.has(connection) ?? true;

import * as z from 'zod';
import type { Operation } from '#shared/domain/operation.ts';
import { maySee } from '../access/access.ts';
import type { Caller } from '../access/clients.ts';
import type { Call } from '../call.ts';
import { badParameters, forbiddenToLimited, notFound } from '../http/problem.ts';
import { visibleConnections } from '../records/visible-connections.ts';
import type { AskedKind } from './kinds.ts';

const ofConnection = z.object({ connection: z.string() });
const ofConnections = z.object({ connections: z.array(z.string()) });

/** The connection that a request names; null where it is of all of them. */
const connectionOf = (request: unknown): string | null => ofConnection.safeParse(request).data?.connection ?? null;

/** A client that is limited to connections sees the operations that name one of these. */
export function maySeeOperation(caller: Caller, { request }: Pick<Operation, 'request'>): boolean {
  const connection = connectionOf(request);
  const among = ofConnections.safeParse(request).data?.connections;
  if (among?.every((one) => maySee(caller, one))) return true;
  return caller.connections === null || (connection !== null && maySee(caller, connection));
}

/**
 * Throws a 404 for a connection that does not exist or that the caller may not see. What is of all connections a client
 * that is limited to some may not ask for: a 400 that names `connection` where the request could have named one, else a 403.
 */
export async function checkMayAsk(call: Call, kind: AskedKind, request: unknown): Promise<void> {
  if (kind.isLimited) return;
  const { request: schema } = kind;
  const connection = connectionOf(request);
  if (connection !== null) {
    const known = (await visibleConnections(call)).some(({ id }) => id === connection);
    if (!known) throw notFound('connection');
  } else if (call.caller.connections !== null) {
    if (!('connection' in schema.shape)) throw forbiddenToLimited();
    throw badParameters([{ name: 'connection', description: 'is needed: the client is limited to connections' }]);
  }
}

import pMap from 'p-map';
import * as z from 'zod';
import type { Connection } from '#shared/domain/connections.ts';
import { budgetGroup, readBudgetState } from '#shared/storage/budget.ts';
import { maySee } from '../access/access.ts';
import type { Call } from '../call.ts';
import { notFound } from '../http/problem.ts';
import { parseParameters, readQuery } from '../http/query-string.ts';
import { type Answer, jsonAnswer } from '../http/request.ts';
import type { Lookup } from '../lookup.ts';
import { connectionHealth, healthSchema } from './connection-health.ts';
import { noParameters } from './parameters.ts';

const concurrency = 16;

export const connectionStateSchema = z.object({
  id: z.string(),
  provider: z.string(),
  ...healthSchema.shape,
  counts: z.object({ stored: z.int(), quarantined: z.int() }),
  budget: z.object({ remaining: z.number().nullable(), resetsAt: z.string().nullable() }),
});

export const connectionsSchema = z.object({ connections: z.array(connectionStateSchema) });

/** `GET /v1/connections`: those that the caller may see, also the removed ones. */
export async function answerConnections(call: Call): Promise<Answer> {
  parseParameters(noParameters, readQuery(call.request.query));
  const ids = await visibleIds(call);
  const connections = await pMap(ids, (id) => stateOf(call, id), { concurrency });
  return jsonAnswer(connectionsSchema.parse({ connections }));
}

/** `GET /v1/connections/{id}` */
export async function answerConnection(call: Call): Promise<Answer> {
  parseParameters(noParameters, readQuery(call.request.query));
  const id = call.request.params['id'] ?? '';
  if (!(await visibleIds(call)).includes(id)) throw notFound('connection');
  return jsonAnswer(connectionStateSchema.parse(await stateOf(call, id)));
}

const visibleIds = async ({ lookup, caller }: Call): Promise<string[]> =>
  (await lookup.connections.ids()).filter((id) => maySee(caller, id));

async function stateOf({ lookup }: Call, id: string) {
  const connection = lookup.file.connections.find((one) => one.id === id);
  const streams = (await lookup.connections.streams()).filter((stream) => stream.connection === id);
  const [stored, quarantined, budget] = await Promise.all([
    lookup.connections.stored(id),
    lookup.connections.quarantined(id),
    connection ? budgetOf(lookup, connection) : null,
  ]);
  return {
    id,
    provider: connection?.provider ?? streams[0]?.provider ?? 'unknown',
    ...connectionHealth(connection, streams, lookup.now()),
    counts: { stored: stored.count, quarantined: quarantined.count },
    budget: budget ?? { remaining: null, resetsAt: null },
  };
}

/** What is left of the budget of the connection's group; null before its first request. */
function budgetOf({ store, now }: Lookup, connection: Connection) {
  return readBudgetState(store, budgetGroup(connection), connection.rateLimit, now());
}

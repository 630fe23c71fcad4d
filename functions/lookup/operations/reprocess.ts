import { newOperation, type Operation } from '#shared/domain/operation.ts';
import { reprocessRequest } from '#shared/domain/operation-reprocess.ts';
import { putOperation } from '#shared/storage/operations.ts';
import type { Call } from '../call.ts';
import { badParameters } from '../http/problem.ts';
import { newId } from './new-id.ts';

const kind = 'reprocess';

/** Begins a reprocess. Throws a 400 for a span of the future, and for ids that say to be of another connection. */
export async function beginReprocess({ lookup }: Call, asked: unknown): Promise<Operation> {
  const request = reprocessRequest.parse(asked);
  const { connection, from, to, ids = [] } = request;
  const now = lookup.now();
  const future = [...Object.entries({ from, to })].find(([, at]) => at !== undefined && Date.parse(at) > now);
  if (future) throw badParameters([{ name: future[0], description: 'expected an instant that is past' }]);
  // A connection's id has no colon, and neither has a uuid.
  if (ids.some((id) => id.includes(':') && !id.startsWith(`${connection}:`))) {
    throw badParameters([{ name: 'ids', description: 'expected ids of the connection' }]);
  }
  const operation = newOperation(kind, newId(now), request, now);
  await putOperation(lookup.store, operation);
  return operation;
}

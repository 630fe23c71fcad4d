import { formatInstant } from '#shared/domain/instant.ts';
import { isOpen, newOperation, type Operation } from '#shared/domain/operation.ts';
import { backfillRequest, backfillSpan } from '#shared/domain/operation-backfill.ts';
import { nameOperation } from '#shared/storage/operation-names.ts';
import { getOperation, putOperation, queueAgain } from '#shared/storage/operations.ts';
import { letWait } from '#shared/storage/waiting-operations.ts';
import type { Call } from '../call.ts';
import { badParameters, connectionStopped } from '../http/problem.ts';
import type { Lookup } from '../lookup.ts';
import { connectionHealth } from '../v1/connection-health.ts';
import { newId } from './new-id.ts';

const kind = 'backfills';

type Needed = Pick<Lookup, 'store' | 'file' | 'now' | 'recordsSince'>;

/**
 * The backfill of a span, which is the same one whenever it is asked for: an open one as it is, one that failed or was
 * cancelled from where it was, one that is done as it is unless `again` is said. Its row for the polls stands before it
 * begins, so whoever asks again for what a stop left behind completes it.
 */
export async function beginBackfill({ lookup }: { lookup: Needed }, asked: unknown): Promise<Operation> {
  const { store } = lookup;
  const { again = false, ...span } = backfillRequest.parse(asked);
  const { connection, from, to } = span;
  const now = lookup.now();
  const configured = lookup.file.connections.find(({ id }) => id === connection);
  if (!configured || configured.paused) throw connectionStopped();
  checkSpan(span, now, lookup.recordsSince[configured.provider]);

  const id = await nameOperation(store, { kind, id: newId(now) }, `${connection}#${from}#${to}`);
  const found = await getOperation(store, { kind, id });
  if (found && (isOpen(found.state) || (found.state === 'done' && !again))) return found;
  await letWait(store, connection, { kind, id }, now);
  const operation = newOperation(kind, id, span, now);
  if (!found && (await putOperation(store, operation))) return operation;
  // Refused where another request was faster, which wanted the same.
  if (found) await queueAgain(store, found, found.state === 'done' ? 'beginning' : 'place');
  return (await getOperation(store, { kind, id })) ?? operation;
}

/** Throws a 400 for what has not been yet, and for what the provider does not have any more, if it says so. */
function checkSpan({ from, to }: Readonly<{ from: string; to: string }>, now: number, since = -Infinity): void {
  if (Date.parse(to) > now) throw badParameters([{ name: 'to', description: 'expected an instant that is past' }]);
  if (Date.parse(from) >= since) return;
  const first = formatInstant(since);
  throw badParameters([{ name: 'from', description: `the provider has nothing from before ${first}` }]);
}

/** An open backfill that does not get on shows why: what its connection's polls fail at, or that there are none. */
export async function withConnectionError({ lookup }: Call, operation: Operation): Promise<Operation> {
  if (!isOpen(operation.state) || operation.error) return operation;
  const id = backfillSpan.parse(operation.request).connection;
  const connection = lookup.file.connections.find((one) => one.id === id);
  const streams = (await lookup.connections.streams()).filter((stream) => stream.connection === id);
  const { state, lastError } = connectionHealth(connection, streams, lookup.now());
  if (state === 'stopped') return { ...operation, error: connectionStopped().fault };
  return lastError ? { ...operation, error: { code: lastError.code, message: lastError.advice } } : operation;
}

import { type ProviderName, providerNames } from '#shared/domain/conversation.ts';
import { newOperation, type Operation } from '#shared/domain/operation.ts';
import {
  type ErasureRequest,
  erasureRequest,
  mostErased,
  nothingErased,
  redacted,
  type ShownErasure,
} from '#shared/domain/operation-erasure.ts';
import { participantKey } from '#shared/domain/participant-key.ts';
import { itemAttributes as a, tableKeys, tombstoneAttributes } from '#shared/facts/table.ts';
import { conversationKey, holdOf, unpackRecord } from '#shared/storage/conversation-item.ts';
import { batchGet } from '#shared/storage/conversations.ts';
import { putPlan, removePlan } from '#shared/storage/erasure-plan.ts';
import { uuidsOfParticipant } from '#shared/storage/find-participant.ts';
import { cancelOperation, putOperation } from '#shared/storage/operations.ts';
import { isTombstone } from '#shared/storage/tombstones.ts';
import type { Call } from '../call.ts';
import { alreadyBegun, Problem } from '../http/problem.ts';
import type { Lookup } from '../lookup.ts';
import { uuidOf } from '../records/find-conversation.ts';
import { type Seeing, visibleConnections } from '../records/visible-connections.ts';
import { newId } from './new-id.ts';

/** Who asks for an erasure, and what is needed to find what it would reach. */
type Asking = Seeing & { lookup: Pick<Lookup, 'store' | 'now'> };

/** What an erasure would reach, and ids of these that are held. */
type Found = { uuids: string[]; held: string[] };

/**
 * Begins an erasure of what is found now, in the connections that the caller may see. What is found is written down beside
 * the operation, so that nothing that comes later is erased unseen; who it is about never stands in the table. Throws a
 * 409 where the caller expects another count, where it is too many, and where some are held.
 */
export async function beginErasure(call: Asking, given: unknown): Promise<Operation> {
  const request = erasureRequest.parse(given);
  const { lookup, caller } = call;
  const visible = await visibleConnections(call);
  const found = await findReached(
    call,
    visible.map(({ id }) => id),
    request,
  );
  const count = found.uuids.length;
  if (count > mostErased) throw tooMany();
  const operation = newOperation('erasures', newId(lookup.now()), shownOf(request, caller.connections), lookup.now());
  if (request.dryRun) return counted(call, { ...operation, result: { count, held: found.held } });
  if (request.expectedCount !== count) throw otherCount(count);
  if (found.held.length > 0) throw onHold(found.held);
  const participant = request.participant === undefined ? null : participantKey(request.participant);
  const connections = visible.map(({ id, provider }) => ({ id, provider: isProvider(provider) ? provider : null }));
  const plan = { participant, connections, conversations: found.uuids, earlier: nothingErased, counted: null };
  // Never the other way round: of an operation without a plan nothing comes, while a plan that nobody works off stays.
  await putOperation(lookup.store, operation);
  await putPlan(lookup.store, operation.id, plan);
  return operation;
}

/**
 * Cancels one that nobody has begun, and drops whom it is about. Throws a 409 where it has begun: half an erasure is worth
 * less than all of it or nothing.
 */
export async function cancelErasure({ lookup }: Call, found: Operation): Promise<Operation | null> {
  const operation = await cancelOperation(lookup.store, found, ['queued']);
  if (operation?.state === 'running') throw alreadyBegun();
  if (operation?.state === 'cancelled') await removePlan(lookup.store, operation.id);
  return operation;
}

const isProvider = (name: string | undefined): name is ProviderName => providerNames.some((one) => one === name);

/** A dry run is over when it is asked for. */
async function counted({ lookup }: Asking, queued: Operation): Promise<Operation> {
  const operation: Operation = { ...queued, state: 'done', progress: { done: 0, total: 0 } };
  await putOperation(lookup.store, operation);
  return operation;
}

const shownOf = (
  { participant, ...request }: ErasureRequest,
  limitedTo: ReadonlySet<string> | readonly string[] | null,
): ShownErasure => ({
  ...request,
  ...(participant !== undefined && { participant: redacted }),
  ...(limitedTo !== null && { connections: [...limitedTo] }),
});

/** Keys that one BatchGetItem takes. */
const batchLimit = 100;

async function findReached(
  { lookup }: Asking,
  connections: readonly string[],
  request: ErasureRequest,
): Promise<Found> {
  const { participant, conversations = [] } = request;
  const { store } = lookup;
  const named =
    participant === undefined
      ? [...new Set(conversations.map(uuidOf))]
      : await uuidsOfParticipant(store, connections, participant, mostErased);
  if (named.length > mostErased) return { uuids: named, held: [] };
  const found: Found = { uuids: [], held: [] };
  const names = [tableKeys.partition, tombstoneAttributes.end, a.connection, a.hold, a.record, a.version];
  for (let i = 0; i < named.length; i += batchLimit) {
    const keys = named.slice(i, i + batchLimit).map(conversationKey);
    for (const item of await batchGet(store, keys, names)) {
      if (isTombstone(item) || !connections.includes(String(item[a.connection]))) continue;
      found.uuids.push(String(item[tableKeys.partition]));
      if (holdOf(item) !== '') found.held.push(unpackRecord(item).id);
    }
  }
  return { uuids: found.uuids.sort(), held: found.held.sort() };
}

const tooMany = (): Problem =>
  new Problem(409, {
    code: 'tooMany',
    message: `The erasure would reach more than ${mostErased} conversations. Erase them by lists of conversations.`,
  });

/** The count and not the people: who asks knows whom. */
const otherCount = (count: number): Problem =>
  new Problem(409, {
    code: 'otherCount',
    message: `The erasure reaches ${count} conversations. Give this as expectedCount to erase them.`,
  });

/** Ids that one refusal names. */
const mostNamed = 100;

const onHold = (held: readonly string[]): Problem =>
  new Problem(409, {
    code: 'onHold',
    message: `${held.length} of these conversations are under a legal hold, and nothing was erased.`,
    fields: held.slice(0, mostNamed).map((name) => ({ name, description: 'is under a legal hold' })),
  });

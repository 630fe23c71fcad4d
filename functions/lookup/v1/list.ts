import type { StoredConversation } from '#shared/domain/conversation.ts';
import { formatInstant } from '#shared/domain/instant.ts';
import { type ListRequest, listConversations } from '#shared/storage/list-conversations.ts';
import { maySee } from '../access/access.ts';
import type { Caller } from '../access/clients.ts';
import { openPosition, sealPosition } from '../access/position.ts';
import type { Call } from '../call.ts';
import { parseParameters } from '../http/query-string.ts';
import { type Answer, jsonAnswer } from '../http/request.ts';
import type { Lookup } from '../lookup.ts';
import { type ListParameters, listParameters } from './parameters.ts';
import { pageSchema } from './present.ts';
import { viewOf } from './view.ts';

/** `GET /v1/conversations` without `ids`: one page of a list. */
export async function answerList(call: Call, values: ReadonlyMap<string, string>): Promise<Answer> {
  const { lookup, caller } = call;
  const parameters = parseParameters(listParameters, values);
  const { cursor, limit, ...query } = parameters;
  const after = await openPosition(call, cursor, query);
  const connections = await readable(lookup, caller, parameters);
  const page = await listConversations(lookup.store, {
    ...timeRange(parameters, lookup.now() - lookup.settleMs),
    ...{ order: parameters.order, connections, after, limit },
    matches: filterOf(parameters),
  });
  const nextCursor = await sealPosition(call, page.next, query);
  const conversations = page.conversations.map((conversation) => viewOf(lookup, caller, conversation));
  return jsonAnswer(pageSchema.parse({ conversations, nextCursor }));
}

/** The partitions to read: what the caller may see and the query does not leave out. */
async function readable(lookup: Lookup, caller: Caller, { connection, provider }: ListParameters): Promise<string[]> {
  const named = connection === undefined ? (caller.connections ?? (await lookup.connections.ids())) : [connection];
  const configured = new Map(lookup.file.connections.map((one) => [one.id, one]));
  return [...named].filter(
    (id) => maySee(caller, id) && (provider === undefined || (configured.get(id)?.provider ?? provider) === provider),
  );
}

/** Lists by `updatedAt` end where an index may not have caught up yet, so that who polls them misses nothing. */
function timeRange(
  { sort, startedFrom, startedTo, updatedSince }: ListParameters,
  settled: number,
): Pick<ListRequest, 'index' | 'from' | 'to'> {
  if (sort === 'startedAt') return { index: 'byStart', from: startedFrom, to: startedTo };
  return { index: 'byUpdate', from: updatedSince, to: formatInstant(settled) };
}

/** What the index cannot select. */
function filterOf(parameters: ListParameters): ListRequest['matches'] {
  const { channel, direction, provider, sort, startedFrom, startedTo, updatedSince } = parameters;
  const byStart = sort === 'startedAt';
  const tests: ((conversation: StoredConversation) => boolean)[] = [];
  if (channel) tests.push((one) => one.channel === channel);
  if (direction) tests.push((one) => one.direction === direction);
  if (provider) tests.push((one) => one.provider === provider);
  if (byStart && updatedSince) tests.push((one) => one.updatedAt >= updatedSince);
  if (!byStart && startedFrom) tests.push((one) => one.startedAt !== null && one.startedAt >= startedFrom);
  if (!byStart && startedTo) tests.push((one) => one.startedAt !== null && one.startedAt < startedTo);
  return tests.length === 0 ? undefined : (one) => tests.every((test) => test(one));
}

import { matcherOf } from '#shared/domain/conversation-filter.ts';
import { formatInstant } from '#shared/domain/instant.ts';
import { type ConversationPage, listConversations } from '#shared/storage/list-conversations.ts';
import { type RankedBy, readRankPosition, writeRankPosition } from '#shared/storage/rank.ts';
import { rankConversations } from '#shared/storage/rank-conversations.ts';
import { maySee } from '../access/access.ts';
import type { Caller } from '../access/clients.ts';
import { openPosition, sealPosition } from '../access/position.ts';
import type { Call } from '../call.ts';
import { withWeakEtag } from '../http/etag.ts';
import { parseParameters } from '../http/query-string.ts';
import { type Answer, jsonAnswer } from '../http/request.ts';
import type { Lookup } from '../lookup.ts';
import { type ListParameters, listParameters } from './list-parameters.ts';
import { pageSchema } from './present.ts';
import { viewOf } from './view.ts';

/** `GET /v1/conversations` without `ids`: one page of a list. */
export async function answerList(call: Call, values: ReadonlyMap<string, string>): Promise<Answer> {
  const { lookup, caller } = call;
  const parameters = parseParameters(listParameters, values);
  const { cursor, limit: _limit, ...query } = parameters;
  const after = await openPosition(call, cursor, query);
  const connections = await readable(lookup, caller, parameters);
  const page = await readPage(lookup, parameters, connections, after);
  const nextCursor = await sealPosition(call, page.next, query);
  const conversations = page.conversations.map((conversation) => viewOf(lookup, caller, conversation));
  const answer = jsonAnswer(pageSchema.parse({ conversations, nextCursor }));
  return withWeakEtag(answer, [conversations, nextCursor === null], call.request.headers['if-none-match']);
}

/** The partitions to read: what the caller may see and the query does not leave out. */
async function readable(lookup: Lookup, caller: Caller, { connection, provider }: ListParameters): Promise<string[]> {
  const named = connection === undefined ? (caller.connections ?? (await lookup.connections.ids())) : [connection];
  const configured = new Map(lookup.file.connections.map((one) => [one.id, one]));
  return [...named].filter(
    (id) => maySee(caller, id) && (provider === undefined || (configured.get(id)?.provider ?? provider) === provider),
  );
}

/**
 * By the index that has the order asked for; where none has it, by a scan. Lists by `updatedAt` end where an index may not
 * have caught up yet, so that who polls them misses nothing.
 */
function readPage(
  lookup: Lookup,
  parameters: ListParameters,
  connections: readonly string[],
  after: string | null,
): Promise<ConversationPage> {
  const { sort, order, limit, participant, startedFrom, startedTo, updatedSince, ...others } = parameters;
  const page = { order, limit, connections };
  const started = { startedFrom, startedTo };
  if (sort === 'startedAt') {
    const matches = matcherOf({ ...others, updatedSince });
    const range = { participant, from: startedFrom, to: startedTo };
    return listConversations(lookup.store, { ...page, ...range, index: 'byStart', after, matches });
  }
  const settled = sort === 'updatedAt' ? formatInstant(lookup.now() - lookup.settleMs) : undefined;
  if (sort === 'updatedAt' && participant === undefined) {
    const matches = matcherOf({ ...others, ...started });
    return listConversations(lookup.store, {
      ...{ ...page, index: 'byUpdate', after, matches },
      ...{ from: updatedSince, to: settled },
    });
  }
  return rankedPage(lookup, parameters, { by: sort, settled, connections, after });
}

/** A page whose order no index has: rows in the order of the start, all of the range looked at. */
async function rankedPage(
  { store }: Lookup,
  parameters: ListParameters,
  {
    by,
    settled,
    connections,
    after,
  }: {
    by: RankedBy;
    settled: string | undefined;
    connections: readonly string[];
    after: string | null;
  },
): Promise<ConversationPage> {
  const { order, limit, participant, startedFrom: from, startedTo: to } = parameters;
  const { conversations, next } = await rankConversations(store, {
    ...{ by, order, limit, connections, participant, from, to },
    matches: matcherOf({ ...parameters, updatedBefore: settled }),
    position: after === null ? null : readRankPosition(after),
  });
  return { conversations, next: next && writeRankPosition(next) };
}

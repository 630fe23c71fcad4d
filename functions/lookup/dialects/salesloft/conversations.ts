import { conversationSchema, extensiveSchema, recordingSchema } from '#shared/providers/salesloft/wire.ts';
import { writeConversation } from '#shared/providers/salesloft/write.ts';
import { writeExtensive } from '#shared/providers/salesloft/write-extensive.ts';
import type { Call } from '../../call.ts';
import { notFound } from '../../http/problem.ts';
import type { Answer } from '../../http/request.ts';
import { makeLink } from '../../media/link.ts';
import { dialectIdOf, findByDialectIds } from '../../records/dialect-ids.ts';
import type { VisibleConnection } from '../../records/visible-connections.ts';
import { recordingOf } from '../recording-of.ts';
import { sortedPlaces, walk } from '../walk.ts';
import { listedPage } from '../walk-page.ts';
import { keyFitsFor, readsFor } from '../walk-plan.ts';
import { answerOne, answerPage, filteringOf, pagingOf, sortingOf } from './envelope.ts';
import { readingOf } from './filters.ts';
import { type ConversationsQuery, conversationsQuery, listNames } from './parameters.ts';
import { readQuery } from './query.ts';
import { findNamed, shownOf } from './view.ts';

/** How long a link to bytes is good: Salesloft does not say, its examples are of an hour. */
export const linkLifeMs = 3_600_000;

/** `GET /v2/conversations` */
export async function answerConversations(call: Call): Promise<Answer> {
  const query = readQuery(conversationsQuery, listNames, call.request.query);
  const { per_page, page, include_paging_counts: _, ...asked } = query;
  const place = { name: JSON.stringify(['salesloft', asked]), offset: (page - 1) * per_page, limit: per_page };
  const { found, total } = await listedPage(call, place, () => uuidsOf(call, query));
  const metadata = { filtering: filteringOf(query), paging: pagingOf(query, total), sorting: sortingOf(query) };
  const rows = found.map(({ conversation }) => writeConversation(conversation, shownOf(call, conversation)));
  return answerPage(conversationSchema, metadata, rows);
}

/** All that pass, in order. Those named by `ids` are read directly. */
async function uuidsOf(call: Call, query: ConversationsQuery): Promise<readonly string[]> {
  const { asked, placeOf } = readingOf(query, call.lookup);
  const order = query.sort_direction;
  if (query.ids === undefined) {
    const readsOf = (connection: VisibleConnection) => readsFor(asked, connection);
    return walk(call, { readsOf, placeOf, keyFits: keyFitsFor(asked), order });
  }
  const named = await findByDialectIds(call, 'salesloft', query.ids);
  const conversations = new Map([...named.values()].map(({ conversation }) => [conversation.uuid, conversation]));
  return sortedPlaces([...conversations.values()], { placeOf, order });
}

/** `GET /v2/conversations/{id}` */
export async function answerConversation(call: Call): Promise<Answer> {
  const { conversation } = await findNamed(call);
  return answerOne(conversationSchema, writeConversation(conversation, shownOf(call, conversation)));
}

/** `GET /v2/conversations/{id}/extensive` */
export async function answerExtensive(call: Call): Promise<Answer> {
  const { conversation } = await findNamed(call);
  const content = call.caller.can.has('content');
  return answerOne(extensiveSchema, writeExtensive(conversation, { ...shownOf(call, conversation), content }));
}

/** `GET /v2/conversations/{id}/recording` */
export async function answerRecording(call: Call): Promise<Answer> {
  const found = await findNamed(call);
  const recording = recordingOf(found.conversation);
  if (!recording) throw notFound('media');
  const { href } = await makeLink(call, found, recording.key, linkLifeMs);
  const id = dialectIdOf('salesloft', found.conversation);
  return answerOne(recordingSchema, { id, url: call.request.origin + href });
}

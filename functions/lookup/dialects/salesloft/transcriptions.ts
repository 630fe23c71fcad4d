import type { StoredConversation } from '#shared/domain/conversation.ts';
import { artifactSchema, sentenceSchema, transcriptionSchema } from '#shared/providers/salesloft/wire.ts';
import {
  type ShownTranscription,
  transcribedAtOf,
  writeSentences,
  writeTranscription,
} from '#shared/providers/salesloft/write-transcription.ts';
import { stampPlace } from '#shared/providers/stamps-of.ts';
import { conversationKey } from '#shared/storage/conversation-item.ts';
import { batchGet } from '#shared/storage/conversations.ts';
import type { Call } from '../../call.ts';
import { notFound, transcriptMissing } from '../../http/problem.ts';
import type { Answer } from '../../http/request.ts';
import { makeLink } from '../../media/link.ts';
import { type Found, visible } from '../../records/find-conversation.ts';
import { sortedPlaces, walk } from '../walk.ts';
import { listedPage } from '../walk-page.ts';
import { fitsBounds, keyFitsFor, readsFor, settledBounds } from '../walk-plan.ts';
import { noteTranscripts, wholeOf } from '../whole-records.ts';
import { linkLifeMs } from './conversations.ts';
import { answerOne, answerPage, filteringOf, pagingOf, sortingOf } from './envelope.ts';
import { boundsOf, listNames, pagedQuery, type TranscriptionsQuery, transcriptionsQuery } from './parameters.ts';
import { readQuery } from './query.ts';
import { transcribedUuid, transcriptionIdOf } from './transcription-id.ts';
import { artifactKey, hasTranscript, shownOf } from './view.ts';

/** `GET /v2/transcriptions` */
export async function answerTranscriptions(call: Call): Promise<Answer> {
  const query = readQuery(transcriptionsQuery, listNames, call.request.query);
  const { per_page, page, include_paging_counts: _, ...asked } = query;
  const place = { name: JSON.stringify(['transcriptions', asked]), offset: (page - 1) * per_page, limit: per_page };
  const { found, total } = await listedPage(call, place, () => uuidsOf(call, query));
  const metadata = { filtering: filteringOf(query), paging: pagingOf(query, total), sorting: sortingOf(query) };
  const rows = found.map(({ conversation }) =>
    writeTranscription(conversation, shownTranscription(call, conversation)),
  );
  return answerPage(transcriptionSchema, metadata, rows);
}

/** `GET /v2/transcriptions/{id}` */
export async function answerTranscription(call: Call): Promise<Answer> {
  const { conversation } = await findTranscribed(call);
  return answerOne(transcriptionSchema, writeTranscription(conversation, shownTranscription(call, conversation)));
}

/** `GET /v2/transcriptions/{id}/sentences` */
export async function answerSentences(call: Call): Promise<Answer> {
  const query = readQuery(pagedQuery, [], call.request.query);
  const record = await wholeOf(call, await findTranscribed(call));
  const { conversation, transcript } = record;
  if (!transcript) throw transcriptMissing();
  await noteTranscripts(call, [record]);
  const offset = (query.page - 1) * query.per_page;
  const turns = transcript.utterances.slice(offset, offset + query.per_page);
  const sentences = writeSentences(conversation, turns, shownTranscription(call, conversation));
  return answerPage(sentenceSchema, { paging: pagingOf(query, transcript.utterances.length) }, sentences);
}

/** `GET /v2/transcriptions/{id}/artifact`: the file as Salesloft made it, so a 404 for any other conversation. */
export async function answerArtifact(call: Call): Promise<Answer> {
  const found = await findTranscribed(call);
  const shown = shownTranscription(call, found.conversation);
  const file = found.conversation.media.find(({ key }) => key === artifactKey);
  if (!file) throw notFound('media');
  const { href } = await makeLink(call, found, artifactKey, linkLifeMs);
  const { id, language_code, created_at, updated_at, conversation } = writeTranscription(found.conversation, shown);
  const url = call.request.origin + href;
  const answer = { id, language_code, url, content_type: file.contentType, created_at, updated_at, conversation };
  return answerOne(artifactSchema, answer);
}

const shownTranscription = (call: Call, conversation: StoredConversation): ShownTranscription => ({
  ...shownOf(call, conversation),
  transcriptionId: transcriptionIdOf(conversation.uuid),
});

/** The conversation of the transcription that the path names, as far as it is ready. Throws a 404. */
async function findTranscribed(call: Call): Promise<Found> {
  const uuid = transcribedUuid(call.request.params['id'] ?? '');
  const [found] = uuid === null ? [] : await findByUuids(call, [uuid]);
  if (!found || !hasTranscript(found.conversation)) throw transcriptMissing();
  return found;
}

async function findByUuids(call: Call, uuids: readonly string[]): Promise<Found[]> {
  const found: Found[] = [];
  for (let i = 0; i < uuids.length; i += batchLimit) {
    const items = await batchGet(call.lookup.store, uuids.slice(i, i + batchLimit).map(conversationKey), null);
    found.push(...items.flatMap((item) => visible(call.caller, item) ?? []));
  }
  return found;
}

/** Keys that one BatchGetItem takes. */
const batchLimit = 100;

/** The uuids of all conversations with a ready transcript that pass, in order. */
async function uuidsOf(call: Call, query: TranscriptionsQuery): Promise<readonly string[]> {
  const created = boundsOf(query, 'created_at');
  const updated = settledBounds(boundsOf(query, 'updated_at'), call.lookup);
  const placeOf = (conversation: StoredConversation): string | undefined => {
    const createdPlace = stampPlace(transcribedAtOf(conversation)) ?? '';
    const updatedPlace = stampPlace(conversation.updatedAt) ?? '';
    const passes =
      hasTranscript(conversation) &&
      (query.language_code === undefined || conversation.language === query.language_code) &&
      fitsBounds(createdPlace, created) &&
      fitsBounds(updatedPlace, updated);
    if (!passes) return undefined;
    return query.sort_by === 'created_at' ? createdPlace : updatedPlace;
  };
  const order = query.sort_direction;
  if (query.ids === undefined) {
    const asked = { sort: 'updated', created, updated, filtered: true } as const;
    // Stamps of a provider have no say here, so no index is exact: read as of a provider that has some.
    const readsOf = ({ id }: { id: string }) => readsFor(asked, { id, provider: undefined });
    return walk(call, { readsOf, placeOf, keyFits: keyFitsFor(asked), order });
  }
  const uuids = new Set(query.ids.flatMap((id) => transcribedUuid(id) ?? []));
  const named = await findByUuids(call, [...uuids]);
  return sortedPlaces(
    named.map(({ conversation }) => conversation),
    { placeOf, order },
  );
}

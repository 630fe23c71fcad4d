import pMap from 'p-map';
import { tableKeys } from '#shared/facts/table.ts';
import { conversationKey } from '#shared/storage/conversation-item.ts';
import { batchGet } from '#shared/storage/conversations.ts';
import { readTranscript } from '#shared/storage/transcripts.ts';
import { need } from '../access/access.ts';
import type { Call } from '../call.ts';
import { withEtag } from '../http/etag.ts';
import { parseParameters, readQuery } from '../http/query-string.ts';
import { type Answer, jsonAnswer } from '../http/request.ts';
import { type Found, findConversation, uuidOf, visible } from '../records/find-conversation.ts';
import { noteTranscripts } from '../records/note-transcripts.ts';
import { answerList } from './list.ts';
import { idsParameters, includeParameters } from './parameters.ts';
import { batchSchema, oneSchema } from './present.ts';
import { viewOf } from './view.ts';

/** Long transcripts lie in the bucket: one read each. */
const transcriptConcurrency = 16;

/** `GET /v1/conversations`: those that `ids` names, else a page of the list. */
export function answerConversations(call: Call): Promise<Answer> {
  const values = readQuery(call.request.query);
  return values.has('ids') ? answerIds(call, values) : answerList(call, values);
}

/** Up to 50 by id or uuid, in the order asked. */
async function answerIds(call: Call, values: ReadonlyMap<string, string>): Promise<Answer> {
  const { ids, include } = parseParameters(idsParameters, values);
  if (include) need(call.caller, 'content');
  const uuids = ids.map(uuidOf);
  const { store } = call.lookup;
  const items = await batchGet(store, [...new Set(uuids)].map(conversationKey), null);
  const byUuid = new Map(items.map((item) => [String(item[tableKeys.partition]), visible(call.caller, item)]));
  const notFound = ids.filter((_, i) => !byUuid.get(uuids[i] ?? ''));
  const found = uuids.flatMap((uuid) => byUuid.get(uuid) ?? []);
  const conversations = await show(call, found, include);
  return jsonAnswer(batchSchema.parse({ conversations, notFound }));
}

/** `GET /v1/conversations/{id}` */
export async function answerConversation(call: Call): Promise<Answer> {
  const { include } = parseParameters(includeParameters, readQuery(call.request.query));
  if (include) need(call.caller, 'content');
  const [shown] = await show(call, [await findConversation(call)], include);
  return withEtag(jsonAnswer(oneSchema.parse(shown)), call.request.headers['if-none-match']);
}

/** A conversation that has no transcript, or none yet, shows `null`: its artifact says which. */
async function show(call: Call, found: readonly Found[], include: 'transcript' | undefined) {
  const { lookup, caller } = call;
  const shown = found.map(({ conversation }) => viewOf(lookup, caller, conversation));
  if (!include) return shown;
  const read = ({ item }: Found) => readTranscript(lookup.store, item);
  const transcripts = await pMap(found, read, { concurrency: transcriptConcurrency });
  await noteTranscripts(
    call,
    shown.filter((_, i) => transcripts[i] !== null),
  );
  return shown.map((one, i) => ({ ...one, transcript: transcripts[i] ?? null }));
}

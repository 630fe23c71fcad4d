import type { StoredConversation, StoredRecord } from '#shared/domain/conversation.ts';
import { generatedFiles } from '#shared/providers/vonage/generated-files.ts';
import { type InteractionAnswer, interactionAnswer, interactionPage } from '#shared/providers/vonage/wire.ts';
import { peopleOf, writeFiles, writeInteraction } from '#shared/providers/vonage/write-interaction.ts';
import { openPosition, sealPosition } from '../../access/position.ts';
import type { Call } from '../../call.ts';
import { parseParameters, readQuery } from '../../http/query-string.ts';
import type { Answer } from '../../http/request.ts';
import { dialectIdOf } from '../../records/dialect-ids.ts';
import { listByStart } from '../list-by-start.ts';
import { wholeRecords } from '../whole-records.ts';
import { findInteraction } from './find-interaction.ts';
import { checkWindow, noQuery, type Search, searchQuery } from './parameters.ts';
import { versionedAnswer, versionOf } from './version.ts';

/** `GET /interaction-content/interactions`: every conversation, since each has at least the files that we make. */
export async function answerSearch(call: Call): Promise<Answer> {
  const version = versionOf(call.request);
  const search = parseParameters(searchQuery, readQuery(call.request.query));
  checkWindow(search);
  const { continuationToken, limit, ...asked } = search;
  const query = { ...asked, list: 'vonage' };
  const after = await openPosition(call, continuationToken, query);
  const { start: from, end: to } = search;
  const page = await listByStart(call, { from, to, after, limit, matches: filterOf(search) });
  const items = await itemsOf(call, page.conversations);
  const nextContinuationToken = await sealPosition(call, page.next, query);
  return versionedAnswer(interactionPage.parse({ items, meta: { nextContinuationToken } }), version);
}

/** `GET /interaction-content/interactions/{guid}` */
export async function answerInteraction(call: Call): Promise<Answer> {
  const version = versionOf(call.request);
  parseParameters(noQuery, readQuery(call.request.query));
  const { conversation } = await findInteraction(call);
  const [item] = await itemsOf(call, [conversation]);
  return versionedAnswer(interactionAnswer.parse(item), version);
}

/** The transcripts of those without files are read too: the list tells how long the files are that we make of them. */
async function itemsOf(call: Call, conversations: readonly StoredConversation[]): Promise<InteractionAnswer[]> {
  const bare = await wholeRecords(
    call,
    conversations.filter(({ media }) => media.length === 0),
  );
  const records = new Map(bare.map((record) => [record.conversation.uuid, record]));
  return conversations.flatMap((conversation) => {
    const record = conversation.media.length > 0 ? { conversation, transcript: null } : records.get(conversation.uuid);
    return record ? [itemOf(record)] : [];
  });
}

function itemOf(record: StoredRecord): InteractionAnswer {
  const { conversation } = record;
  const guid = dialectIdOf('vonage', conversation);
  const files = writeFiles(conversation);
  const content = files.length > 0 ? files : generatedFiles(record, guid).map(({ entry }) => entry);
  return writeInteraction(conversation, guid, content);
}

function filterOf(search: Search): ((conversation: StoredConversation) => boolean) | undefined {
  const { handlingAgentId, connectFrom, connectTo, direction } = search;
  const asksPeople = [handlingAgentId, connectFrom, connectTo].some((value) => value !== undefined);
  if (!asksPeople && direction === undefined) return undefined;
  return (conversation) => {
    if (direction !== undefined && conversation.direction !== direction) return false;
    const people = peopleOf(conversation);
    return (
      (handlingAgentId === undefined || people.handlingAgents.some(({ id }) => id === handlingAgentId)) &&
      (connectFrom === undefined || (people.connectFrom ?? '').startsWith(connectFrom)) &&
      (connectTo === undefined || (people.connectTo ?? '').startsWith(connectTo))
    );
  };
}

import type { StoredConversation } from '#shared/domain/conversation.ts';
import { mediaArtifact, type StoredMedia } from '#shared/domain/media.ts';
import { said } from '../field-schemas.ts';
import { isoInstant } from '../field-values.ts';
import { startOf } from '../start-of.ts';
import type { ContentFile, InteractionAnswer } from './wire.ts';
import { jsonFields } from './write-analysis.ts';
import { type Handles, writePeople } from './write-people.ts';

/** An interaction with these content files: the inverse of `normalize`, as far as a listing goes. */
export function writeInteraction(
  conversation: StoredConversation,
  guid: string,
  content: readonly ContentFile[],
): InteractionAnswer {
  const { metadata, direction } = conversation;
  return {
    ...(isOwn(conversation) && jsonFields(metadata['other'])),
    guid,
    start: toTheSecond(startOf(conversation)),
    direction,
    ...peopleOf(conversation),
    content: [...content],
  };
}

const isOwn = ({ provider }: StoredConversation): boolean => provider === 'vonage';

/** The addresses and agents alone, which a search filters by. */
export function peopleOf(conversation: StoredConversation) {
  const { connectFrom, connectTo } = conversation.metadata;
  const text = (value: unknown) => (typeof value === 'string' ? value : undefined);
  const handles: Handles = isOwn(conversation) ? { connectFrom: text(connectFrom), connectTo: text(connectTo) } : {};
  return writePeople(conversation, handles);
}

/** Vonage's stamps end at the second; a fraction is shown only where there is one. */
export const toTheSecond = (instant: string): string => instant.replace('.000Z', 'Z');

/** The files whose bytes are ours, as content files; none where there are none. Those with further facts in Vonage's order. */
export function writeFiles(conversation: StoredConversation): ContentFile[] {
  const order = factsOf(conversation).map((facts) => facts['contentKey']);
  return conversation.media
    .toSorted((a, b) => order.indexOf(a.key) - order.indexOf(b.key))
    .map((media) => writeFile(conversation, media));
}

/** What Vonage said of its files beside their bytes (`fileFacts`). */
function factsOf(conversation: StoredConversation) {
  const kept = isOwn(conversation) ? conversation.metadata['contentFiles'] : null;
  return Array.isArray(kept) ? kept.map(jsonFields) : [];
}

function writeFile(conversation: StoredConversation, media: StoredMedia): ContentFile {
  const { key, bytes } = media;
  const listed = conversation.files.find((file) => file.key === key);
  const revision = listed?.copiedRevision ?? listed?.revision ?? null;
  const own = isOwn(conversation);
  const at = conversation.artifacts[mediaArtifact(key)]?.at ?? conversation.updatedAt;
  return {
    contentKey: key,
    type: own ? media.kind : typeOf(media),
    contentType: (own ? said(listed?.contentType) : null) ?? media.contentType,
    contentLength: bytes,
    lastModified: (own ? revision : isoInstant(revision)) ?? toTheSecond(at),
    ...ownFacts(conversation, key),
  };
}

/** The word of Vonage for a file of another provider. */
function typeOf({ kind, contentType }: StoredMedia): string {
  const type = contentType.toLowerCase();
  if (kind === 'transcriptArtifact') return 'transcript';
  if (kind === 'voicemail') return 'voicemail';
  if (type.startsWith('video/')) return 'videoRecording';
  return type.startsWith('audio/') || kind.toLowerCase().endsWith('recording') ? 'callRecording' : 'attachment';
}

function ownFacts(
  conversation: StoredConversation,
  key: string,
): Pick<ContentFile, 'properties'> & Partial<ContentFile> {
  const facts = factsOf(conversation).find(({ contentKey }) => contentKey === key) ?? {};
  const { owningAgentId, owningInteractionPlanId, properties = {} } = facts;
  return {
    ...(typeof owningAgentId === 'string' && { owningAgent: { id: owningAgentId } }),
    ...(typeof owningInteractionPlanId === 'string' && { owningInteractionPlan: { id: owningInteractionPlanId } }),
    properties,
  };
}

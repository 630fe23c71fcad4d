import type { StoredConversation } from '#shared/domain/conversation.ts';
import { keptFlag, keptNumber, keptObject, keptText } from '../kept-fields.ts';
import { createdStampOf, updatedStampOf } from '../stamps-of.ts';
import { standIn } from '../stand-in.ts';
import type { WireConversation } from './wire.ts';
import { peopleOf } from './write-people.ts';

/**
 * Our record in Salesloft's shape, the inverse of `normalize`: Salesloft's own conversations as they were sent, those of
 * other providers with what they know.
 */

/** How a conversation is shown beside what its record says. */
export type Shown = {
  id: string;
  /** root of the API in links, without a slash at its end */
  base: string;
  /** null until its transcript is ready */
  transcriptionId: string | null;
  hasArtifact: boolean;
  /** media type of the recording, or null where there is none to be had */
  recordingType: string | null;
};

/** `platform` and the ids as the filters compare them, for Salesloft's own and for others. */
export function originOf(conversation: StoredConversation) {
  const { metadata, provider, uuid, connection } = conversation;
  const { ownerId } = peopleOf(conversation);
  if (provider !== 'salesloft') {
    return {
      is_api: true,
      platform: 'external_audio',
      organization_id: standIn(connection, 'organization'),
      owner_id: ownerId,
      user_guid: ownerId ?? standIn(uuid, 'owner'),
    };
  }
  return {
    is_api: keptFlag(metadata, 'isApi'),
    platform: keptText(metadata, 'platform'),
    organization_id: keptText(metadata, 'organizationId'),
    owner_id: ownerId,
    user_guid: keptText(metadata, 'userId'),
  };
}

/** `audio` or `video`: as Salesloft said of its own, else as the recording is; a conversation without one has voices. */
export function mediaTypeOf({ provider, metadata }: StoredConversation, recordingType: string | null): string | null {
  if (provider === 'salesloft') return keptText(metadata, 'mediaType');
  return recordingType?.toLowerCase().startsWith('video/') ? 'video' : 'audio';
}

/** A row of the list, which is also the one conversation. */
export function writeConversation(conversation: StoredConversation, shown: Shown): WireConversation {
  const { durationMs, startedAt, endedAt, title, language, metadata, provider } = conversation;
  // In metadata of another provider these names would mean something else.
  const own = provider === 'salesloft' ? metadata : {};
  const recordingStarted = keptNumber(own, 'recordingStarted');
  return {
    ...keptObject(own, 'other'),
    id: shown.id,
    ...(durationMs !== null && { duration: durationMs }),
    ...originOf(conversation),
    media_type: mediaTypeOf(conversation, shown.recordingType),
    title: title ?? '',
    ...(recordingStarted !== null && { started_recording_at: recordingStarted }),
    event_start_date: startedAt,
    event_end_date: endedAt,
    language_code: language ?? '',
    created_at: createdStampOf(conversation),
    updated_at: updatedStampOf(conversation),
    call_id: keptText(own, 'callId'),
    account: referenceTo(`${shown.base}/accounts`, keptText(own, 'accountId')),
    person: referenceTo(`${shown.base}/people`, keptText(own, 'personId')),
    ...partsOf(shown, keptText(own, 'recordingId')),
  };
}

/** References to what can be had now. */
function partsOf({ id, base, transcriptionId, hasArtifact, recordingType }: Shown, recordingId: string | null) {
  const recording = { id: recordingId ?? id, _href: `${conversationHref(base, id)}/recording` };
  return {
    recording: recordingType === null ? null : recording,
    ...transcriptionParts(base, transcriptionId, hasArtifact),
  };
}

function transcriptionParts(base: string, id: string | null, hasArtifact: boolean) {
  if (id === null) return { transcription: null, transcription_sentences: null, transcription_artifact: null };
  const href = transcriptionHref(base, id);
  return {
    transcription: { id, _href: href },
    transcription_sentences: { id, _href: `${href}/sentences` },
    transcription_artifact: hasArtifact ? { id, _href: `${href}/artifact` } : null,
  };
}

export const conversationHref = (base: string, id: string): string => `${base}/conversations/${encodeURIComponent(id)}`;

export const transcriptionHref = (base: string, id: string): string =>
  `${base}/transcriptions/${encodeURIComponent(id)}`;

export const referenceTo = (collection: string, id: string | null): { id: string; _href: string } | null =>
  id === null ? null : { id, _href: `${collection}/${encodeURIComponent(id)}` };

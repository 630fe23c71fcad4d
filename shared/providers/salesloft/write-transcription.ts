import type { StoredConversation } from '#shared/domain/conversation.ts';
import type { Utterance } from '#shared/domain/transcript.ts';
import type { WireSentence, WireTranscription } from './wire.ts';
import { conversationHref, type Shown, transcriptionHref } from './write.ts';
import { peopleOf } from './write-people.ts';

/** How a transcription is shown. */
export type ShownTranscription = Pick<Shown, 'id' | 'base' | 'hasArtifact'> & { transcriptionId: string };

/** When the transcript came: Salesloft's own stamps of a transcription are not kept, for nothing asks for them. */
export const transcribedAtOf = ({ artifacts, updatedAt }: StoredConversation): string =>
  artifacts['transcript']?.at ?? updatedAt;

/** A row of the list of transcriptions. It moves with the record, so that nobody who lists by `updated_at` misses one. */
export function writeTranscription(conversation: StoredConversation, shown: ShownTranscription): WireTranscription {
  const { id, base, transcriptionId, hasArtifact } = shown;
  const href = transcriptionHref(base, transcriptionId);
  return {
    id: transcriptionId,
    language_code: conversation.language ?? '',
    created_at: transcribedAtOf(conversation),
    updated_at: conversation.updatedAt,
    conversation: { id, _href: conversationHref(base, id) },
    transcription_sentences: { id: transcriptionId, _href: `${href}/sentences` },
    transcription_artifact: hasArtifact ? { id: transcriptionId, _href: `${href}/artifact` } : null,
  };
}

/** Turns as sentences, numbered from 1 in spoken order, lengths in seconds. */
export function writeSentences(
  conversation: StoredConversation,
  utterances: readonly Utterance[],
  { id, base, transcriptionId }: ShownTranscription,
): WireSentence[] {
  const { ids } = peopleOf(conversation);
  const reference = { id, _href: conversationHref(base, id) };
  return utterances.map(({ index, participant, text, startMs, endMs }) => ({
    id: transcriptionId,
    ...(startMs !== null && { start_time: startMs / 1000 }),
    ...(endMs !== null && { end_time: endMs / 1000 }),
    order_number: index + 1,
    recording_attendee_id: participant === null ? null : (ids[participant] ?? null),
    text,
    conversation: reference,
  }));
}

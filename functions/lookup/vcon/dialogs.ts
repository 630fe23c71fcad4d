import type { StoredConversation, StoredRecord } from '#shared/domain/conversation.ts';
import { fileReference, isRecording } from './files.ts';
import { originatorOf } from './parties.ts';
import type { Dialog, Disposition } from './vcon-schema.ts';

/**
 * The dialogs of a record. The first is the conversation as a whole: its only recording, or the set of them, or what was
 * written, or why there was nothing, or else a recording without content. Analyses and attachments point to it.
 */
export function toDialogs({ conversation, transcript }: StoredRecord, origin: string): Dialog[] {
  const about = aboutOf(conversation);
  const length = conversation.durationMs === null ? {} : { duration: conversation.durationMs / 1_000 };
  const recordings = conversation.media.filter(isRecording).map((media) => fileReference(conversation, media, origin));
  const [only] = recordings;
  if (recordings.length > 1) {
    // How long each recording is, no provider says.
    const parts = recordings.map((file): Dialog => ({ type: 'recording', ...about, recording_set: 0, ...file }));
    return [{ type: 'recording-set', ...about, ...length, recordings: parts.map((_, i) => i + 1) }, ...parts];
  }
  if (only) return [{ type: 'recording', ...about, ...length, ...only }];
  const disposition = dispositionOf[conversation.status];
  if (disposition) return [{ type: 'incomplete', ...about, disposition }];
  if (conversation.channel !== 'chat' && conversation.channel !== 'sms') {
    return [{ type: 'recording', ...about, ...length }];
  }
  const written = transcript && { mediatype: 'text/plain', encoding: 'none' as const, body: transcript.text };
  return [{ type: 'text', ...about, ...length, ...written }];
}

/** Why nothing was said, by our status; the other statuses say that something was, or nothing about it. */
const dispositionOf: Readonly<Partial<Record<StoredConversation['status'], Disposition>>> = {
  missed: 'no-answer',
  busy: 'busy',
  failed: 'failed',
  canceled: 'hung-up',
};

function aboutOf(conversation: StoredConversation) {
  const { provider, externalId, participants } = conversation;
  const originator = originatorOf(conversation);
  return {
    start: startOf(conversation),
    // The first is the originator unless another one is named.
    parties: participants.length === 0 ? [0] : participants.map((_, i) => i),
    ...(originator !== null && { originator }),
    application: provider,
    interaction_id: externalId,
  };
}

/** A dialog must have a start: where the provider gives none, it is when we first saw the conversation, and no later. */
export const startOf = ({ startedAt, firstSeenAt }: StoredConversation): string => startedAt ?? firstSeenAt;

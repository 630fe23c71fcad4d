import type { StoredConversation } from '#shared/domain/conversation.ts';
import type { StoredMedia } from '#shared/domain/media.ts';

const isRecording = ({ kind }: StoredMedia): boolean => kind === 'recording' || kind === 'callRecording';
const isOfType = (type: string, { contentType }: StoredMedia): boolean => contentType.toLowerCase().startsWith(type);

/**
 * The one recording that a dialect with one recording a conversation shows: what its provider calls so, else the first
 * audio, else the first video. Null where no such bytes are ours.
 */
export function recordingOf({ media }: Pick<StoredConversation, 'media'>): StoredMedia | null {
  const audio = media.find((file) => isOfType('audio/', file));
  return media.find(isRecording) ?? audio ?? media.find((file) => isOfType('video/', file)) ?? null;
}

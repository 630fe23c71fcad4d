import type { StoredConversation } from '#shared/domain/conversation.ts';
import type { Shown } from '#shared/providers/salesloft/write.ts';
import type { Call } from '../../call.ts';
import { notFound } from '../../http/problem.ts';
import { dialectIdOf, findByDialectIds } from '../../records/dialect-ids.ts';
import type { Found } from '../../records/find-conversation.ts';
import { recordingOf } from '../recording-of.ts';
import { transcriptionIdOf } from './transcription-id.ts';

/** The key of the file that Salesloft calls a transcription's artifact. */
export const artifactKey = 'transcriptArtifact';

const hasArtifact = ({ media }: StoredConversation): boolean => media.some(({ key }) => key === artifactKey);

export const hasTranscript = ({ artifacts }: StoredConversation): boolean => artifacts['transcript']?.state === 'ready';

/** How a conversation is shown: with the parts that can be had now. */
export function shownOf(
  { request }: Call,
  conversation: StoredConversation,
): Shown & { transcriptionId: string | null } {
  return {
    id: dialectIdOf('salesloft', conversation),
    base: `${request.origin}/v2`,
    transcriptionId: hasTranscript(conversation) ? transcriptionIdOf(conversation.uuid) : null,
    hasArtifact: hasArtifact(conversation),
    recordingType: recordingOf(conversation)?.contentType ?? null,
  };
}

/** What the path names. Throws the one 404 for what does not exist and for what the caller may not see. */
export async function findNamed(call: Call): Promise<Found> {
  const id = call.request.params['id'] ?? '';
  const found = (await findByDialectIds(call, 'salesloft', [id])).get(id);
  if (!found) throw notFound('conversation');
  return found;
}

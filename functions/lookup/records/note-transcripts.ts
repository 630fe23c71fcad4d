import type { StoredConversation } from '#shared/domain/conversation.ts';
import type { Call } from '../call.ts';

/** Notes that the caller is about to read the transcripts of these conversations; of none nothing is noted. */
export async function noteTranscripts(
  { lookup, caller }: Call,
  conversations: readonly Pick<StoredConversation, 'id'>[],
): Promise<void> {
  const ids = [...new Set(conversations.map(({ id }) => id))];
  if (ids.length === 0) return;
  await lookup.reads.note(ids.map((id) => ({ client: caller.id, conversation: id, kind: 'transcript' as const })));
}

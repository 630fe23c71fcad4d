import { isDeepStrictEqual } from 'node:util';
import type { StoredConversation } from './conversation.ts';

/** Fields that say nothing of a conversation's content, or that every version moves. */
const unreported: ReadonlySet<string> = new Set([
  'version',
  'observedAt',
  'updatedAt',
  'firstSeenAt',
  'stamp',
  'completedVersion',
  'artifacts',
  'files',
]);

/**
 * Names of the top-level fields and artifact kinds in which two versions differ, in order. `transcriptChanged` stands
 * for the transcript, which lies beside the record. Of the first version everything that is there counts as changed.
 */
export function changesBetween(
  before: StoredConversation | null,
  after: StoredConversation,
  transcriptChanged: boolean,
): string[] {
  const fields = Object.entries(after)
    .filter(
      ([name, value]) =>
        !unreported.has(name) && !isDeepStrictEqual(before?.[name as keyof StoredConversation] ?? null, value),
    )
    .map(([name]) => name);
  const kinds = Object.entries(after.artifacts)
    .filter(([kind, { state, reason }]) => {
      const previous = before?.artifacts[kind];
      return previous?.state !== state || (state !== 'pending' && previous.reason !== reason);
    })
    .map(([kind]) => kind);
  const transcript = transcriptChanged ? ['transcript'] : [];
  return [...new Set([...fields, ...kinds, ...transcript])].sort();
}

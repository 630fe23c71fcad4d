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
  const changed = new Set<string>(transcriptChanged ? ['transcript'] : []);
  for (const name of Object.keys(after) as (keyof StoredConversation)[]) {
    if (!unreported.has(name) && differ(before?.[name] ?? null, after[name])) changed.add(name);
  }
  for (const [kind, { state, reason }] of Object.entries(after.artifacts)) {
    const previous = before?.artifacts[kind];
    if (previous?.state !== state || (state !== 'pending' && previous.reason !== reason)) changed.add(kind);
  }
  return [...changed].sort();
}

/** Of a first version nothing stands before, and most fields are text or numbers: neither needs a walk. */
const differ = (before: unknown, after: unknown): boolean =>
  before !== after && (before === null || !isDeepStrictEqual(before, after));

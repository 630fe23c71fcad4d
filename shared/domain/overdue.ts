import type { StoredRecord } from './conversation.ts';
import { formatInstant } from './instant.ts';

/** The record with its pending artifacts of these kinds overdue: the last of the offsets has passed without them. */
export function withOverdue(record: StoredRecord, now: number): StoredRecord {
  const at = formatInstant(now);
  const artifacts = Object.entries(record.conversation.artifacts).map(([kind, artifact]) => [
    kind,
    artifact.state === 'pending' ? { ...artifact, state: 'overdue' as const, at } : artifact,
  ]);
  return { ...record, conversation: { ...record.conversation, artifacts: Object.fromEntries(artifacts) } };
}

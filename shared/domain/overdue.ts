import type { StoredRecord } from './conversation.ts';
import { awaitedKinds, type Expectation } from './expectation.ts';
import { formatInstant } from './instant.ts';

/** The record with these of its awaited artifacts overdue: the last of the offsets has passed without them. */
export function withOverdue(
  record: StoredRecord,
  expectation: Expectation,
  now: number,
  isMeant: (kind: string) => boolean = () => true,
): StoredRecord {
  const { conversation } = record;
  const awaited = new Set(awaitedKinds(conversation, expectation));
  const at = formatInstant(now);
  const artifacts = Object.entries(conversation.artifacts).map(([kind, artifact]) => [
    kind,
    artifact.state === 'pending' && awaited.has(kind) && isMeant(kind)
      ? { ...artifact, state: 'overdue' as const, at }
      : artifact,
  ]);
  return { ...record, conversation: { ...conversation, artifacts: Object.fromEntries(artifacts) } };
}

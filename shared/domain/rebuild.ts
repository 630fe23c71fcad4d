import { isOpen, type StoredArtifact, type StoredArtifacts } from './artifact.ts';
import type { StoredRecord } from './conversation.ts';
import { mediaArtifact, mediaKeyOf, type StoredFile } from './media.ts';
import { type MergeContext, mergeRecord } from './merge.ts';
import type { Observation } from './observation.ts';

/** The record that these answers give from nothing, in the order in which they were asked for; null of none that tells of it. */
export function rebuild(answers: readonly Observation[], context: MergeContext): StoredRecord | null {
  let record: StoredRecord | null = null;
  for (const seen of answers.toSorted((a, b) => a.sentAt - b.sentAt)) {
    if (record || seen.scope !== 'artifacts') record = mergeRecord(record, seen, context);
  }
  return record;
}

/**
 * A rebuilt record with what is ours and no provider's: its place among the versions, when it was first seen, the files'
 * bytes with all that copying them has told, and what time alone has decided.
 */
export function keepOurs(current: StoredRecord, rebuilt: StoredRecord): StoredRecord {
  const [ours, theirs] = [current.conversation, rebuilt.conversation];
  const { version, source, firstSeenAt, updatedAt, completedVersion, media } = ours;
  const artifacts = keepArtifacts(ours.artifacts, theirs.artifacts);
  const files = keepFiles(ours.files, theirs.files, artifacts);
  return {
    conversation: { ...theirs, version, source, firstSeenAt, updatedAt, completedVersion, media, artifacts, files },
    transcript: rebuilt.transcript,
  };
}

function keepArtifacts(ours: StoredArtifacts, theirs: StoredArtifacts): StoredArtifacts {
  const isCopied = ([kind, { state }]: [string, StoredArtifact]): boolean =>
    mediaKeyOf(kind) !== null && !isOpen(state);
  const copied = Object.entries(ours).filter(isCopied);
  const kinds = [...new Set([...Object.keys(theirs), ...copied.map(([kind]) => kind)])].sort();
  return Object.fromEntries(
    kinds.flatMap((kind) => {
      const kept = keepArtifact(kind, ours[kind], theirs[kind]);
      return kept ? [[kind, kept]] : [];
    }),
  );
}

function keepArtifact(
  kind: string,
  ours: StoredArtifact | undefined,
  theirs: StoredArtifact | undefined,
): StoredArtifact | undefined {
  if (!ours || !theirs) return theirs ?? ours;
  // Whether a file's bytes came, only its copy knows.
  if (mediaKeyOf(kind) !== null && !isOpen(ours.state)) return ours;
  if (theirs.state === 'pending' && isOpen(ours.state)) return ours;
  return theirs.state === ours.state ? { ...theirs, at: ours.at } : theirs;
}

function keepFiles(
  ours: readonly StoredFile[],
  theirs: readonly StoredFile[],
  artifacts: StoredArtifacts,
): StoredFile[] {
  const known = new Map(ours.map((file) => [file.key, file]));
  const told = theirs.map((file) => ({ ...file, copiedRevision: known.get(file.key)?.copiedRevision ?? null }));
  const isTold = ({ key }: StoredFile): boolean => theirs.some((file) => file.key === key);
  const copied = ours.filter((file) => !isTold(file) && artifacts[mediaArtifact(file.key)] !== undefined);
  return [...told, ...copied].sort((a, b) => (a.key < b.key ? -1 : 1));
}

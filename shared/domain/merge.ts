import type { StoredArtifact } from './artifact.ts';
import type { Content, Identity, StoredConversation, StoredRecord } from './conversation.ts';
import { type Expectation, isComplete, isPlaceholder } from './expectation.ts';
import { followParticipants } from './follow-participants.ts';
import { formatInstant, instantOrder } from './instant.ts';
import { mediaArtifact, mergeFiles, type StoredFile } from './media.ts';
import { mergeArtifact } from './merge-artifact.ts';
import type { Observation } from './observation.ts';

export type MergeContext = {
  identity: Identity;
  expectation: Expectation;
  /** our clock, milliseconds since 1970 */
  now: number;
};

/**
 * The record after an answer was seen: fields from the newer of the two, artifacts part by part. Two answers
 * give the same in either order of arrival, and one seen twice changes nothing. Version and completion are set
 * by `nextVersion`, once it is known that the content differs.
 */
export function mergeRecord(current: StoredRecord | null, seen: Observation, context: MergeContext): StoredRecord {
  const { expectation } = context;
  const at = formatInstant(context.now);
  const known = current?.conversation ?? null;
  const newer = known === null || isNewer(seen, known);
  // An answer about single artifacts says nothing of the record's own fields, nor of when these were seen.
  const owns = known === null || (newer && seen.scope !== 'artifacts');
  const files = mergeFiles(known?.files ?? [], seen.files.filter(expectation.wants), newer);
  const partFrom = (kind: string): StoredRecord | null =>
    current && keepsPart(kind, current, seen, newer) ? current : null;
  const content = mergeContent(current, seen, { newer, owns, partFrom });
  const transcriptOwner = partFrom('transcript');
  const transcript = transcriptOwner ? followParticipants(transcriptOwner, content.participants) : seen.transcript;
  return {
    conversation: {
      ...context.identity,
      ...content,
      version: known?.version ?? 1,
      source: 'present',
      observedAt: owns ? formatInstant(seen.sentAt) : known.observedAt,
      updatedAt: known?.updatedAt ?? at,
      firstSeenAt: known?.firstSeenAt ?? at,
      stamp: owns ? seen.stamp : known.stamp,
      completedVersion: known?.completedVersion ?? null,
      artifacts: mergeArtifacts(known, seen, files, { expectation, at, newer }),
      media: known?.media ?? [],
      files,
    },
    transcript,
  };
}

/** Order comes from the provider's stamp; where it gives none, or the same, from the send time of the request. */
export function isNewer(
  seen: Pick<Observation, 'stamp' | 'sentAt'>,
  current: Pick<StoredConversation, 'stamp' | 'observedAt'>,
): boolean {
  const [ours, theirs] = [current.stamp, seen.stamp].map((stamp) => (stamp === null ? null : instantOrder(stamp)));
  if (ours && theirs && ours !== theirs) return theirs > ours;
  return seen.sentAt >= Date.parse(current.observedAt);
}

function mergeArtifacts(
  known: StoredConversation | null,
  seen: Observation,
  files: readonly StoredFile[],
  { expectation, at, newer }: { expectation: Expectation; at: string; newer: boolean },
): StoredConversation['artifacts'] {
  const current = known?.artifacts ?? {};
  const isNews = (kind: string): boolean => seen.artifacts[kind]?.state !== 'pending';
  const kinds = new Set([
    ...expectation.kinds,
    ...Object.keys(current),
    ...files.map(({ key }) => mediaArtifact(key)),
    // What nobody awaits is taken when it comes, and never missed.
    ...Object.keys(seen.artifacts).filter(isNews),
  ]);
  const entries = [...kinds]
    .filter((kind) => !isPlaceholder(kind, files))
    .sort()
    .map((kind): [string, StoredArtifact] => {
      const next = mergeArtifact(current[kind] ?? null, seen.artifacts[kind] ?? null, newer);
      return [kind, { ...next, at: next.at ?? at }];
    });
  return Object.fromEntries(entries);
}

/** Whether an artifact's data stays the current record's: it alone has it ready, or neither or both and it is the newer. */
function keepsPart(kind: string, current: StoredRecord, seen: Observation, newer: boolean): boolean {
  const ours = current.conversation.artifacts[kind]?.state === 'ready';
  const theirs = seen.artifacts[kind]?.state === 'ready';
  return ours === theirs ? !newer : ours;
}

type Ownership = {
  newer: boolean;
  /** whether the seen answer gives the record's own fields */
  owns: boolean;
  /** the current record where it keeps this artifact's data, else null */
  partFrom: (kind: string) => StoredRecord | null;
};

/** The record's own fields from the answer that owns them, each artifact's field from the record that has it. */
function mergeContent(current: StoredRecord | null, seen: Observation, { newer, owns, partFrom }: Ownership): Content {
  const known = current?.conversation ?? seen.content;
  const base = owns ? seen.content : known;
  const from = (kind: string): Content => partFrom(kind)?.conversation ?? seen.content;
  return {
    channel: base.channel,
    direction: base.direction,
    status: base.status,
    title: base.title,
    // Where a list does not tell it, the language is that of the transcript.
    language: base.language ?? from('transcript').language,
    startedAt: base.startedAt,
    endedAt: base.endedAt,
    durationMs: base.durationMs,
    providerCreatedAt: base.providerCreatedAt,
    providerUpdatedAt: base.providerUpdatedAt,
    participants: base.participants,
    sentiment: from('sentiment').sentiment,
    categories: from('categories').categories,
    talkTime: from('talkTime').talkTime,
    summary: from('summary').summary,
    metadata: mergeMetadata(known.metadata, seen, newer),
  };
}

/** A whole answer replaces all of it; one that speaks of a part adds what it says, the newer one's word before the older's. */
function mergeMetadata(known: Content['metadata'], seen: Observation, newer: boolean): Content['metadata'] {
  const { metadata } = seen.content;
  if (seen.scope === 'whole') return newer ? metadata : known;
  return newer ? { ...known, ...metadata } : { ...metadata, ...known };
}

const finalStatuses: ReadonlySet<string> = new Set(['completed', 'missed', 'busy', 'failed', 'canceled']);

/**
 * The record as its next version: a number higher, an `updatedAt` greater than its predecessor's, and the first time
 * that a final status meets no awaited artifact any more, this version is the completed one.
 */
export function nextVersion(
  current: StoredConversation | null,
  merged: StoredRecord,
  expectation: Expectation,
  now: number,
): StoredRecord {
  const { conversation } = merged;
  const version = (current?.version ?? 0) + 1;
  const complete = finalStatuses.has(conversation.status) && isComplete(conversation, expectation);
  return {
    ...merged,
    conversation: {
      ...conversation,
      version,
      updatedAt: formatInstant(Math.max(now, current ? Date.parse(current.updatedAt) + 1 : 0)),
      completedVersion: conversation.completedVersion ?? (complete ? version : null),
    },
  };
}

import { isDealtWith, type StoredArtifact, type StoredArtifacts } from './artifact.ts';
import type { Content, Identity, StoredConversation, StoredRecord } from './conversation.ts';
import { followParticipants } from './follow-participants.ts';
import { formatInstant, instantOrder } from './instant.ts';
import { mergeArtifact } from './merge-artifact.ts';
import type { Observation } from './observation.ts';

export type MergeContext = {
  identity: Identity;
  /** artifact kinds that are awaited: pending until an answer speaks of them */
  expected: readonly string[];
  /** our clock, milliseconds since 1970 */
  now: number;
};

/**
 * The record after an answer was seen: fields from the newer of the two, artifacts part by part. Two answers
 * give the same in either order of arrival, and one seen twice changes nothing. Version and completion are set
 * by `nextVersion`, once it is known that the content differs.
 */
export function mergeRecord(current: StoredRecord | null, seen: Observation, context: MergeContext): StoredRecord {
  const newer = current === null || isNewer(seen, current.conversation);
  const artifacts = mergeArtifacts(current?.conversation.artifacts ?? {}, seen, { ...context, newer });
  const partFrom = (kind: string): StoredRecord | null =>
    current && keepsPart(kind, current, seen, newer) ? current : null;
  const content = mergeContent(newer ? seen.content : current.conversation, seen.content, current, partFrom);
  const transcriptOwner = partFrom('transcript');
  const transcript = transcriptOwner ? followParticipants(transcriptOwner, content.participants) : seen.transcript;
  return {
    conversation: {
      ...context.identity,
      ...content,
      version: current?.conversation.version ?? 1,
      source: 'present',
      observedAt: newer ? formatInstant(seen.sentAt) : current.conversation.observedAt,
      updatedAt: current?.conversation.updatedAt ?? formatInstant(context.now),
      firstSeenAt: current?.conversation.firstSeenAt ?? formatInstant(context.now),
      stamp: newer ? seen.stamp : current.conversation.stamp,
      completedVersion: current?.conversation.completedVersion ?? null,
      artifacts,
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
  current: StoredArtifacts,
  seen: Observation,
  context: MergeContext & { newer: boolean },
): StoredArtifacts {
  const kinds = new Set([...context.expected, ...Object.keys(current), ...Object.keys(seen.artifacts)]);
  const at = formatInstant(context.now);
  const entries = [...kinds].sort().map((kind): [string, StoredArtifact] => {
    const next = mergeArtifact(current[kind] ?? null, seen.artifacts[kind] ?? null, context.newer);
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

/** `base` with each artifact's own field taken from the record that has it. */
function mergeContent(
  base: Content,
  seen: Content,
  current: StoredRecord | null,
  partFrom: (kind: string) => StoredRecord | null,
): Content {
  const from = (kind: string): Content => partFrom(kind)?.conversation ?? seen;
  const mediaKeys = new Set([...(current?.conversation.media ?? []), ...seen.media].map(({ key }) => key));
  return {
    channel: base.channel,
    direction: base.direction,
    status: base.status,
    title: base.title,
    language: base.language,
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
    media: [...mediaKeys].sort().flatMap((key) => from(`media:${key}`).media.filter((media) => media.key === key)),
    metadata: base.metadata,
  };
}

const finalStatuses: ReadonlySet<string> = new Set(['completed', 'missed', 'busy', 'failed', 'canceled']);

/**
 * The record as its next version: a number higher, an `updatedAt` greater than its predecessor's, and the first time
 * that a final status meets no awaited artifact any more, this version is the completed one.
 */
export function nextVersion(
  current: StoredConversation | null,
  merged: StoredRecord,
  expected: readonly string[],
  now: number,
): StoredRecord {
  const { conversation } = merged;
  const version = (current?.version ?? 0) + 1;
  const complete =
    finalStatuses.has(conversation.status) &&
    expected.every((kind) => isDealtWith(conversation.artifacts[kind]?.state ?? 'pending'));
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

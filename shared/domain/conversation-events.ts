import { eventTypes } from '#shared/facts/events.ts';
import type { ArtifactState } from './artifact.ts';
import { changesBetween } from './changes.ts';
import type { Identity, StoredConversation } from './conversation.ts';
import { envelope } from './event-envelope.ts';
import type { ConversationData, EarshotEvent } from './events.ts';
import { fitLists } from './fit-event.ts';
import { mediaArtifact } from './media.ts';

/** One step of a conversation in the table: the version before (null for the first) and the version after. */
export type Transition = { before: StoredConversation | null; after: StoredConversation; transcriptChanged: boolean };

type Types = typeof eventTypes;
type PlainType = Types['discovered' | 'updated' | 'transcriptReady' | 'completed'];
type ArtifactType = Types['mediaStored' | 'artifactOverdue'];

/**
 * The events of a step, pure: the same step gives the same ids whenever it is published again. A write that renewed only
 * `updatedAt` is no new version and gives none.
 */
export function conversationEvents({ before, after, transcriptChanged }: Transition): EarshotEvent[] {
  if (before && before.version >= after.version) return [];
  const data = dataOf(after, changesBetween(before, after, transcriptChanged));
  const step = { subject: after.id, number: after.version, time: after.updatedAt };
  const plain = (type: PlainType): EarshotEvent => ({ ...envelope({ ...step, type }), data });
  const ofArtifact = (type: ArtifactType, artifact: string): EarshotEvent => ({
    ...envelope({ ...step, type, part: artifact }),
    data: { ...data, artifact },
  });
  const became = (state: ArtifactState): string[] =>
    Object.keys(after.artifacts).filter(
      (kind) => after.artifacts[kind]?.state === state && before?.artifacts[kind]?.state !== state,
    );
  return [
    plain(before ? eventTypes.updated : eventTypes.discovered),
    ...(became('ready').includes('transcript') ? [plain(eventTypes.transcriptReady)] : []),
    ...newMedia(before, after).map((key) => ofArtifact(eventTypes.mediaStored, mediaArtifact(key))),
    ...became('overdue').map((kind) => ofArtifact(eventTypes.artifactOverdue, kind)),
    ...(after.completedVersion === after.version ? [plain(eventTypes.completed)] : []),
  ];
}

/** What is left of an erased conversation: which it was, and the version that its erasure is. */
export type Erased = Omit<Identity, 'externalId'> & { version: number; erasedAt: string };

/** The event of an erasure. Of the conversation it tells only which it was. */
export function erasedEvent({ version, erasedAt, ...identity }: Erased): EarshotEvent {
  const unknown = { channel: 'unknown', direction: 'unknown', startedAt: null } as const;
  return {
    ...envelope({ type: eventTypes.erased, subject: identity.id, number: version, time: erasedAt }),
    data: dataOf({ ...identity, ...unknown, version, artifacts: {} }, []),
  };
}

/** Keys of the files whose bytes this version brought. */
function newMedia(before: StoredConversation | null, after: StoredConversation): string[] {
  const known = new Map(before?.media.map(({ key, sha512 }) => [key, sha512]));
  return after.media.filter(({ key, sha512 }) => known.get(key) !== sha512).map(({ key }) => key);
}

type Told = Omit<Identity, 'externalId'> &
  Pick<StoredConversation, 'channel' | 'direction' | 'startedAt' | 'version' | 'artifacts'>;

function dataOf(told: Told, changed: readonly string[]): ConversationData {
  const { id, uuid, connection, provider, channel, direction, startedAt, version, artifacts } = told;
  const states = Object.entries(artifacts).map(([kind, { state }]) => [kind, state] as const);
  return {
    conversationId: id,
    uuid,
    connection,
    provider,
    channel,
    direction,
    startedAt,
    version,
    ...fitLists(changed, Object.fromEntries(states)),
    href: `/v1/conversations/${encodeURIComponent(id)}`,
  };
}

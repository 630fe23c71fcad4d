import { eventSource, eventTypes } from '#shared/facts/events.ts';
import { changesBetween } from './changes.ts';
import type { StoredConversation } from './conversation.ts';
import type { ConversationEvent } from './events.ts';
import { mediaArtifact } from './media.ts';

/** One step of a conversation in the table: the version before (null for the first) and the version after. */
export type Transition = { before: StoredConversation | null; after: StoredConversation; transcriptChanged: boolean };

/**
 * The events of a step, pure: the same step gives the same ids whenever it is published again. A write that renewed only
 * `updatedAt` is no new version and gives none.
 */
export function conversationEvents({ before, after, transcriptChanged }: Transition): ConversationEvent[] {
  if (before && before.version >= after.version) return [];
  const changed = changesBetween(before, after, transcriptChanged);
  const event = (type: ConversationEvent['type'], artifact?: string): ConversationEvent => ({
    specversion: '1.0',
    id: [after.id, after.version, type, ...(artifact === undefined ? [] : [artifact])].join('/'),
    source: eventSource,
    type,
    subject: after.id,
    time: after.updatedAt,
    datacontenttype: 'application/json',
    data: { ...dataOf(after), changed, ...(artifact === undefined ? {} : { artifact }) },
  });
  const became = (state: string): string[] =>
    Object.keys(after.artifacts).filter(
      (kind) => after.artifacts[kind]?.state === state && before?.artifacts[kind]?.state !== state,
    );
  return [
    event(before ? eventTypes.updated : eventTypes.discovered),
    ...(became('ready').includes('transcript') ? [event(eventTypes.transcriptReady)] : []),
    ...newMedia(before, after).map((key) => event(eventTypes.mediaStored, mediaArtifact(key))),
    ...became('overdue').map((kind) => event(eventTypes.artifactOverdue, kind)),
    ...(after.completedVersion === after.version ? [event(eventTypes.completed)] : []),
  ];
}

/** Keys of the files whose bytes this version brought. */
function newMedia(before: StoredConversation | null, after: StoredConversation): string[] {
  const known = new Map(before?.media.map(({ key, sha512 }) => [key, sha512]));
  return after.media.filter(({ key, sha512 }) => known.get(key) !== sha512).map(({ key }) => key);
}

function dataOf(conversation: StoredConversation): Omit<ConversationEvent['data'], 'changed'> {
  const { id, uuid, connection, provider, channel, direction, startedAt, version, artifacts } = conversation;
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
    artifacts: Object.fromEntries(states),
    href: `/v1/conversations/${encodeURIComponent(id)}`,
  };
}

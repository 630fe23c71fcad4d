import type { Content, StoredConversation, StoredRecord } from '#shared/domain/conversation.ts';
import { formatInstant } from '#shared/domain/instant.ts';
import { startOf } from '../start-of.ts';
import type { InteractionAnswer } from './wire.ts';
import { microseconds, writeMessages } from './write-messages.ts';
import { customerId, writeAgents } from './write-people.ts';
import type { RecordingId } from './write-recordings.ts';

/** An interaction of Talkdesk: the inverse of `normalize`, as far as a listing goes. */
export function writeInteraction(record: StoredRecord, id: string, recordingId: RecordingId): InteractionAnswer {
  const { conversation } = record;
  const { direction } = conversation;
  const own = conversation.provider === 'talkdesk' ? conversation.metadata : {};
  const ended = endOf(conversation);
  return {
    ...fieldsOf(own['other']),
    id,
    customer_id: customerId(conversation),
    started_at: microseconds(startOf(conversation)),
    ended_at: ended && microseconds(ended),
    direction,
    ring_groups: listOf(own['ringGroups']) ?? [],
    ...(Array.isArray(own['queues']) && { queues: listOf(own['queues']) }),
    messages: writeMessages(record, recordingId),
    agents: writeAgents(conversation),
  };
}

type Json = Content['metadata'][string];

const fieldsOf = (value: Json | undefined): Readonly<Record<string, Json>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};

const listOf = (value: Json | undefined): Json[] | undefined => (Array.isArray(value) ? value : undefined);

/** The end as given, else as start and length tell it. Nothing is made up: without either there is none. */
function endOf({ startedAt, endedAt, durationMs }: StoredConversation): string | null {
  if (endedAt !== null || startedAt === null || durationMs === null) return endedAt;
  return formatInstant(Date.parse(startedAt) + durationMs);
}

import { recordText } from '../raw-json.ts';
import { formatStamp } from '../stamp.ts';
import type { TalkdeskMessage, TalkdeskRecord } from './world.ts';

/** Interactions as the API writes them; messages that have not landed yet are an empty list. */

export function interactionText(record: TalkdeskRecord, nowUs: number): string {
  const landed = record.transcriptAtUs !== null && record.transcriptAtUs <= nowUs;
  const fields = {
    id: record.id,
    customer_id: record.customerId,
    started_at: formatStamp(record.startedAtUs),
    ended_at: formatStamp(record.endedAtUs),
    direction: record.direction,
    ring_groups: record.ringGroups,
    queues: record.queues,
    messages: landed ? record.messages.map(messageFields) : [],
    agents: record.agents.map(({ id, name }) => ({ id, name })),
  };
  return recordText(fields, record.malformed);
}

function messageFields(message: TalkdeskMessage, index: number): Record<string, unknown> {
  return {
    message_id: message.messageId,
    text: message.text,
    channel: message.channel,
    participant: message.participant,
    sentiment: message.sentiment,
    intent: message.intent,
    intent_confidence_score: message.intentConfidenceScore,
    intent_is_fallback: message.intentIsFallback,
    start_time: message.startSeconds,
    end_time: message.endSeconds,
    source_system: message.sourceSystem,
    recording_id: message.recordingId,
    recording_index: message.recordingIndex,
    message_index: index + 1,
    message_start_at: formatStamp(message.startAtUs),
    agent_id: message.agentId,
    agent_name: message.agentName,
  };
}

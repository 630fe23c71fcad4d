import type { StoredConversation } from '#shared/domain/conversation.ts';
import type { Transcript } from '#shared/domain/transcript.ts';
import { keptObject } from '../kept-fields.ts';
import { createdStampOf } from '../stamps-of.ts';
import type { WireCall, WireRow } from './wire.ts';
import { segmentsOf, textOf } from './write-transcript.ts';

/**
 * Our record in Magpipe's shape, the inverse of `normalize`: Magpipe's own calls as they were sent, conversations of
 * other providers with what they know.
 */

/** Instants as Magpipe's examples show them: without a fraction where it says nothing. */
export const shortInstant = (instant: string): string => instant.replace(/\.0+Z$/, 'Z');

const short = (instant: string | null): string | null => (instant === null ? null : shortInstant(instant));

const statuses = {
  completed: 'completed',
  busy: 'busy',
  missed: 'no-answer',
  failed: 'failed',
  canceled: 'canceled',
  inProgress: 'in-progress',
  // Null would be read as completed.
  unknown: 'unknown',
} as const satisfies Record<StoredConversation['status'], WireRow['status']>;

const feelings: ReadonlySet<string> = new Set(['positive', 'neutral', 'negative']);

/** A label that Magpipe has. A score is no label: what it would have to be called is not ours to say. */
function sentimentOf({ provider, sentiment }: StoredConversation): string | null {
  const label = sentiment?.label ?? null;
  if (label === null || provider === 'magpipe') return label;
  return feelings.has(label.toLowerCase()) ? label.toLowerCase() : null;
}

/** Whole seconds, which is all that the field holds; its own calls as sent. */
function secondsOf({ provider, durationMs }: StoredConversation): number | null {
  if (durationMs === null) return null;
  return provider === 'magpipe' ? durationMs / 1000 : Math.round(durationMs / 1000);
}

/** When it was answered. A call of its own that never was has the start of its creation, so none is shown. */
function answeredAt({ provider, startedAt, providerCreatedAt, status }: StoredConversation): string | null {
  const never = provider === 'magpipe' && status !== 'completed' && startedAt === providerCreatedAt;
  return never ? null : startedAt;
}

/** The numbers by direction, and who spoke for us: the AI agent, else a human. */
export function sidesOf({ participants, direction }: StoredConversation) {
  const ours = participants.find(({ role }) => role === 'bot') ?? participants.find(({ role }) => role === 'agent');
  const agent = { agent_id: ours?.id ?? null, ...(ours?.name && { agent_name: ours.name }) };
  if (direction === 'inbound' || direction === 'outbound') {
    const theirs = participants.find(({ role }) => role === 'customer')?.phone ?? null;
    const own = ours?.phone ?? null;
    const [from, to] = direction === 'inbound' ? [theirs, own] : [own, theirs];
    return { ...agent, from_number: from, to_number: to, direction };
  }
  // Whose number is whose is not known, so they stand in their order.
  const [from = null, to = null] = participants.flatMap(({ phone }) => phone ?? []);
  return { ...agent, from_number: from, to_number: to, direction: null };
}

/** A row of the list. `content`: whether the summary may be seen. */
export function writeRow(conversation: StoredConversation, { id, content }: { id: string; content: boolean }): WireRow {
  return {
    id,
    ...sidesOf(conversation),
    status: statuses[conversation.status],
    duration: secondsOf(conversation),
    sentiment: sentimentOf(conversation),
    call_summary: content ? conversation.summary : null,
    started_at: short(answeredAt(conversation)),
    ended_at: short(conversation.endedAt),
    created_at: shortInstant(createdStampOf(conversation)),
  };
}

/** The call. `transcript` null: there is none, or it may not be seen. */
export function writeCall(
  conversation: StoredConversation,
  shown: { id: string; content: boolean; transcript: Transcript | null; recordingUrl: string | null },
): WireCall {
  const { transcript, recordingUrl } = shown;
  const own = conversation.provider === 'magpipe' ? conversation.metadata : {};
  const segments = transcript && segmentsOf(transcript);
  return {
    ...keptObject(own, 'other'),
    ...writeRow(conversation, shown),
    recording_url: recordingUrl,
    transcript: transcript && textOf(transcript),
    ...(segments && { transcript_segments: segments }),
    metadata: keptObject(own, 'attached'),
  };
}

import type { Content } from '#shared/domain/conversation.ts';
import { RecordInvalid } from '#shared/domain/errors.ts';
import { formatInstant } from '#shared/domain/instant.ts';
import { boundedJson, metadataOf } from '../bounded-json.ts';
import type { Answer, Normalized, RecordReference } from '../connector.ts';
import { externalIdExpected, said } from '../field-schemas.ts';
import { between, instantMs } from '../field-values.ts';
import { type Drift, readRecord } from '../read-record.ts';
import { idOrNull, uuidForm } from './ids.ts';
import { inOrder } from './order.ts';
import { participantsOf, type Spoken } from './people.ts';
import { type Interaction, identitySchema, interactionEssentials, interactionSchema, readMessages } from './schema.ts';
import { sentimentFinding, transcriptOf } from './transcript.ts';
import { channelOf, directionOf, speakerOf } from './words.ts';

/** Which conversation an interaction is. Talkdesk gives no stamp of the last change. */
export function identify(listed: unknown): RecordReference {
  const parsed = identitySchema.safeParse(listed);
  if (!parsed.success) throw new RecordInvalid([`id: expected ${externalIdExpected}`]);
  return { externalId: uuidForm(parsed.data.id), stamp: null };
}

/** The recordings that messages name, each once, by the id as given: it is what the Recordings API will be asked for. */
function recordingsOf(spoken: readonly Spoken[]): Content['metadata'][] {
  const found = new Map<string, Content['metadata']>();
  for (const { message } of spoken) {
    const id = said(message.recording_id);
    if (id && !found.has(id)) found.set(id, metadataOf({ id, index: message.recording_index ?? null }));
  }
  return [...found.values()];
}

function metadataFor(
  interaction: Interaction,
  spoken: readonly Spoken[],
  unknown: Readonly<Record<string, unknown>>,
): Content['metadata'] {
  return metadataOf({
    customerId: idOrNull(interaction.customer_id),
    ringGroups: boundedJson(interaction.ring_groups),
    queues: boundedJson(interaction.queues),
    sources: [...new Set(spoken.map(({ source }) => source))].filter((source) => source !== null),
    recordings: recordingsOf(spoken),
    other: boundedJson(unknown),
  });
}

/**
 * An interaction in our words. The messages are the transcript, also while the interaction goes on: later messages make
 * a later version. Talkdesk labels single messages and never the whole, so `sentiment` stays null and the labels stand
 * in the utterances.
 */
export function normalize({ listed }: Answer): Normalized {
  const drift: Drift = new Set();
  const unknown: Record<string, unknown> = {};
  const interaction = readRecord(interactionSchema, listed, { drift, essential: interactionEssentials, unknown });
  const messages = inOrder(readMessages(interaction.messages, drift));
  const spoken = messages.map((message): Spoken => ({ message, ...speakerOf(message, drift) }));
  const participants = participantsOf(interaction, spoken, drift);
  const startedMs = instantMs(interaction.started_at);
  const endedMs = instantMs(interaction.ended_at);
  const transcript = transcriptOf(spoken, { participants, startedMs }, drift);
  const content: Content = {
    channel: channelOf(messages, drift),
    direction: directionOf(interaction.direction, drift),
    status: endedMs === null ? 'inProgress' : 'completed',
    title: null,
    language: null,
    startedAt: startedMs === null ? null : formatInstant(startedMs),
    endedAt: endedMs === null ? null : formatInstant(endedMs),
    durationMs: between(startedMs, endedMs),
    providerCreatedAt: null,
    providerUpdatedAt: null,
    participants,
    sentiment: null,
    categories: [],
    talkTime: null,
    summary: null,
    media: [],
    metadata: metadataFor(interaction, spoken, unknown),
  };
  return {
    externalId: uuidForm(interaction.id),
    stamp: null,
    content,
    transcript,
    artifacts: {
      transcript: { state: transcript ? 'ready' : 'pending' },
      sentiment: sentimentFinding(spoken, endedMs !== null),
    },
    drift: [...drift],
  };
}

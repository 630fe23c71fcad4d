import type { Content } from '#shared/domain/conversation.ts';
import { RecordInvalid } from '#shared/domain/errors.ts';
import { formatInstant } from '#shared/domain/instant.ts';
import { blankContent } from '../blank-content.ts';
import { boundedJson, metadataOf } from '../bounded-json.ts';
import type { Answer, Normalized, RecordReference } from '../connector.ts';
import { externalIdExpected } from '../field-schemas.ts';
import { between, instantMs } from '../field-values.ts';
import { type Drift, readRecord } from '../read-record.ts';
import { idOrNull, uuidForm } from './ids.ts';
import { inOrder } from './order.ts';
import { participantsOf, type Spoken } from './people.ts';
import {
  areUnnamed,
  fileOf,
  namedRecordings,
  type RecordingsDetail,
  readRecordings,
  recordingFinding,
  recordingsDetailSchema,
} from './recordings.ts';
import { type Interaction, identitySchema, interactionEssentials, interactionSchema, readMessages } from './schema.ts';
import { sentimentFinding, transcriptOf } from './transcript.ts';
import { channelOf, directionOf, speakerOf } from './words.ts';

/** Which conversation an interaction is. Talkdesk gives no stamp of the last change. */
export function identify(listed: unknown): RecordReference {
  const parsed = identitySchema.safeParse(listed);
  if (!parsed.success) throw new RecordInvalid([`id: expected ${externalIdExpected}`]);
  return { externalId: uuidForm(parsed.data.id), stamp: null };
}

/** What several parts of the answer are made from, each read once. */
type Read = {
  interaction: Interaction;
  spoken: readonly Spoken[];
  startedMs: number | null;
  /** the recordings that the messages name (`namedRecordings`) */
  named: ReadonlyMap<string, number | null>;
};

function metadataFor(
  { interaction, spoken, named }: Read,
  unknown: Readonly<Record<string, unknown>>,
): Content['metadata'] {
  return metadataOf({
    customerId: idOrNull(interaction.customer_id),
    ringGroups: boundedJson(interaction.ring_groups),
    queues: boundedJson(interaction.queues),
    sources: [...new Set(spoken.map(({ source }) => source))].filter((source) => source !== null),
    recordings: [...named].map(([id, index]) => metadataOf({ id, index })),
    other: boundedJson(unknown),
  });
}

/** The interaction with its messages in spoken order. Throws RecordInvalid. */
function read(listed: unknown, drift: Drift, unknown: Record<string, unknown>): Read {
  const interaction = readRecord(interactionSchema, listed, { drift, essential: interactionEssentials, unknown });
  const messages = inOrder(readMessages(interaction.messages, drift));
  const spoken = messages.map((message) => {
    const { source, role } = speakerOf(message, drift);
    return { message, source, role };
  });
  return { interaction, spoken, startedMs: instantMs(interaction.started_at), named: namedRecordings(spoken) };
}

/** Whether the Recordings API must be asked which recordings this interaction has. Throws RecordInvalid. */
export const needsRecordings = (listed: unknown): boolean => areUnnamed(read(listed, new Set(), {}).spoken);

function contentOf({ interaction, spoken, startedMs }: Read, participants: Content['participants'], drift: Drift) {
  const endedMs = instantMs(interaction.ended_at);
  return {
    channel: channelOf(
      spoken.map(({ message }) => message),
      drift,
    ),
    direction: directionOf(interaction.direction, drift),
    status: endedMs === null ? ('inProgress' as const) : ('completed' as const),
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
  };
}

function readDetail(detail: Answer['detail']): RecordingsDetail {
  const parsed = recordingsDetailSchema.safeParse(detail ?? {});
  if (!parsed.success) throw new RecordInvalid(['detail: expected {call, recordings, refused}']);
  return parsed.data;
}

/** What the Recordings API says of an interaction that is known. */
function normalizeRecordings(detail: RecordingsDetail): Normalized {
  const drift: Drift = new Set();
  const { ids, metadata } = readRecordings(detail, drift);
  if (detail.call === undefined) throw new RecordInvalid(['detail.call: expected the id of the interaction']);
  return {
    externalId: uuidForm(detail.call),
    stamp: null,
    scope: 'artifacts',
    content: { ...blankContent, metadata: metadataOf({ recordingList: metadata }) },
    transcript: null,
    artifacts: {
      transcript: { state: 'pending' },
      sentiment: { state: 'pending' },
      'media:recording': recordingFinding([], detail),
    },
    files: ids.map(fileOf),
    drift: [...drift],
  };
}

/**
 * An interaction in our words. The messages are the transcript, also while the interaction goes on: later messages make
 * a later version. Talkdesk labels single messages and never the whole, so `sentiment` stays null and the labels stand
 * in the utterances.
 */
export function normalize({ listed, detail }: Answer): Normalized {
  const recordings = readDetail(detail);
  if (listed === null) return normalizeRecordings(recordings);
  const drift: Drift = new Set();
  const unknown: Record<string, unknown> = {};
  const known = read(listed, drift, unknown);
  const { interaction, spoken, startedMs } = known;
  const { ids, metadata: recordingList } = readRecordings(recordings, drift);
  const participants = participantsOf(interaction, spoken, drift);
  const transcript = transcriptOf(spoken, { participants, startedMs }, drift);
  const content = contentOf(known, participants, drift);
  const metadata = metadataFor(known, unknown);
  return {
    externalId: uuidForm(interaction.id),
    stamp: null,
    scope: detail === null ? 'listing' : 'whole',
    content: { ...content, metadata: { ...metadata, ...(ids.length > 0 && metadataOf({ recordingList })) } },
    transcript,
    artifacts: {
      transcript: { state: transcript ? 'ready' : 'pending' },
      sentiment: sentimentFinding(spoken, content.status === 'completed'),
      'media:recording': recordingFinding(spoken, recordings),
    },
    files: [...new Set([...known.named.keys(), ...ids])].map(fileOf),
    drift: [...drift],
  };
}

import type { Content } from '#shared/domain/conversation.ts';
import { RecordInvalid } from '#shared/domain/errors.ts';
import { boundedJson, metadataOf } from '../bounded-json.ts';
import type { Answer, Normalized, RecordReference } from '../connector.ts';
import { externalIdExpected, instantExpected, said } from '../field-schemas.ts';
import { isoInstant, secondsToMs } from '../field-values.ts';
import { type Drift, note, readRecord } from '../read-record.ts';
import { findingsOf } from './findings.ts';
import { participantsOf } from './people.ts';
import { filesOf } from './recording.ts';
import { type Call, callSchema, detailSchema, essentials, identitySchema, type Row, rowSchema } from './schema.ts';
import { transcriptOf } from './transcript.ts';
import { directionOf, statusOf } from './words.ts';

/** Which call a row is. Magpipe gives no stamp of the last change. */
export function identify(listed: unknown): RecordReference {
  const parsed = identitySchema.safeParse(listed);
  if (!parsed.success) throw new RecordInvalid([`id: expected ${externalIdExpected}`]);
  return { externalId: parsed.data.id, stamp: null };
}

/** What row and call say together: the call's word where it says one, since it was asked for later. */
function together(row: Row, call: Call | null): Call {
  if (!call) return row;
  if (call.id !== row.id) throw new RecordInvalid(['call.id: expected the id of the row']);
  // Some of the fields of `call`, none of them changed.
  const told = Object.fromEntries(
    Object.entries(call).filter(([, value]) => (value ?? null) !== null),
  ) as Partial<Call>;
  return { ...row, ...told };
}

type Stamp = 'created_at' | 'started_at' | 'ended_at';

/** An instant of the call, noted as drift where the text is none. */
function instantOf(call: Call, field: Stamp, drift: Drift): string | null {
  const value = said(call[field]);
  const instant = isoInstant(value);
  if (value && !instant) note(drift, `${field}=<text>`);
  return instant;
}

function sentimentOf(label: string | null): Content['sentiment'] {
  return label === null ? null : { score: null, label, distribution: null, overTime: null, original: label };
}

/**
 * When it was answered, else when it was made. A list that does not tell the former says nothing of it: by its own word
 * alone every row would differ from its stored call, and be asked for again and again.
 */
function startedAtOf(call: Call, createdAt: string | null, isListed: boolean, drift: Drift): string | null {
  const startedAt = instantOf(call, 'started_at', drift);
  if (startedAt === null && createdAt === null) throw new RecordInvalid([`created_at: expected ${instantExpected}`]);
  return startedAt ?? (isListed && call.started_at === undefined ? null : createdAt);
}

function contentOf(call: Call, isListed: boolean, drift: Drift): Omit<Content, 'metadata'> {
  const createdAt = instantOf(call, 'created_at', drift);
  const direction = directionOf(call.direction, drift);
  return {
    channel: 'voice',
    direction,
    status: statusOf(call.status, drift),
    title: null,
    language: null,
    startedAt: startedAtOf(call, createdAt, isListed, drift),
    endedAt: instantOf(call, 'ended_at', drift),
    durationMs: secondsToMs(call.duration),
    providerCreatedAt: createdAt,
    providerUpdatedAt: null,
    participants: participantsOf(call, direction),
    sentiment: sentimentOf(said(call.sentiment)),
    categories: [],
    talkTime: null,
    summary: said(call.call_summary),
  };
}

/** A link under a name of its own may hold a token as `recording_url` does. */
const mayHoldLink = /url|link|token|recording/i;

/**
 * What was attached to the call when it was made, and the fields that are new to us. Of the call alone: a row is
 * compared with the stored call, so whatever it says must be said by the call in the same words.
 */
function metadataFor(call: Call, unknown: Readonly<Record<string, unknown>>): Content['metadata'] {
  const others = Object.entries(unknown).filter(([field]) => !mayHoldLink.test(field));
  return metadataOf({ attached: boundedJson(call.metadata), other: boundedJson(Object.fromEntries(others)) });
}

function readDetail(detail: Answer['detail']) {
  const parsed = detailSchema.safeParse(detail ?? {});
  if (!parsed.success) throw new RecordInvalid(['detail: expected {call, refused}']);
  return parsed.data;
}

/** A row with its call, in our words. */
export function normalize({ listed, detail }: Answer): Normalized {
  const drift: Drift = new Set();
  const unknown: Record<string, unknown> = {};
  const { call: raw, refused } = readDetail(detail);
  const row = readRecord(rowSchema, listed, { drift, essential: essentials });
  const call =
    raw === undefined ? null : readRecord(callSchema, raw, { drift, at: 'call', essential: essentials, unknown });
  const whole = together(row, call);
  const content = contentOf(whole, detail === null, drift);
  const transcript = transcriptOf(whole, content.participants, drift);
  const files = filesOf(whole);
  return {
    externalId: row.id,
    stamp: null,
    scope: call ? 'whole' : 'listing',
    content: { ...content, metadata: metadataFor(whole, unknown) },
    transcript,
    artifacts: findingsOf({ content, hasTurns: transcript !== null, files, refused }),
    files,
    drift: [...drift],
  };
}

import type { Content } from '#shared/domain/conversation.ts';
import { RecordInvalid } from '#shared/domain/errors.ts';
import { metadataOf } from '../bounded-json.ts';
import type { Answer, Normalized, RecordReference } from '../connector.ts';
import { externalIdExpected, said } from '../field-schemas.ts';
import { epochInstant, isoInstant, stampOrder, wholeMs } from '../field-values.ts';
import { type Drift, note, readRecord } from '../read-record.ts';
import { summaryFinding, transcriptFinding } from './findings.ts';
import { filesOf } from './media.ts';
import { extensiveMetadata, rowMetadata } from './metadata.ts';
import { participantsOf } from './people.ts';
import {
  detailSchema,
  type Extensive,
  extensiveSchema,
  type Row,
  rowEssentials,
  rowSchema,
  stampedSchema,
} from './schema.ts';
import { transcriptOf } from './transcript.ts';

/** Which conversation a row is. A bad stamp is null here, so that quarantine can still name the record. */
export function identify(listed: unknown): RecordReference {
  const parsed = stampedSchema.safeParse(listed);
  if (!parsed.success) throw new RecordInvalid([`id: expected ${externalIdExpected}`]);
  const { id, updated_at: stamp } = parsed.data;
  return { externalId: id, stamp: typeof stamp === 'string' && stampOrder(stamp) !== null ? stamp : null };
}

const platforms: ReadonlySet<string> = new Set([
  'bluejeans',
  'gotomeeting',
  'joinme',
  'manual_upload',
  'ms_teams',
  'salesloft',
  'uberconference',
  'webex',
  'zoom',
  'google_meet',
  'external_audio',
]);

function channelOf(row: Row, drift: Drift): Content['channel'] {
  const platform = said(row.platform);
  if (platform && !platforms.has(platform)) note(drift, 'platform=<new>');
  if (said(row.call_id) || platform === 'salesloft' || platform === 'external_audio') return 'voice';
  return !platform || platform === 'manual_upload' ? 'unknown' : 'meeting';
}

/** An instant of the meeting, noted as drift where the text is none. */
function eventInstant(row: Row, field: 'event_start_date' | 'event_end_date', drift: Drift): string | null {
  const value = said(row[field]);
  const instant = isoInstant(value);
  if (value && !instant) note(drift, `${field}=<text>`);
  return instant;
}

/** What the row and the extensive answer say together: in what both have, the one with the later stamp is believed. */
function newestRow(row: Row, extensive: Extensive | null): Row {
  if (!extensive) return row;
  const { id, updated_at, created_at, ...fields } = extensive;
  const stamp = stampOrder(updated_at);
  if (id && id !== row.id) throw new RecordInvalid(['extensive.id: expected the id of the row']);
  if (updated_at && stamp !== null && stamp >= (stampOrder(row.updated_at) ?? '')) {
    return { ...row, ...fields, updated_at };
  }
  return { ...fields, ...row };
}

function contentOf(row: Row, extensive: Extensive | null, drift: Drift): Omit<Content, 'metadata'> {
  return {
    channel: channelOf(row, drift),
    direction: 'unknown',
    status: 'completed',
    title: said(row.title),
    language: said(row.language_code),
    startedAt: eventInstant(row, 'event_start_date', drift) ?? epochInstant(row.started_recording_at),
    endedAt: eventInstant(row, 'event_end_date', drift),
    durationMs: wholeMs(row.duration),
    providerCreatedAt: row.created_at ?? null,
    providerUpdatedAt: row.updated_at,
    participants: participantsOf(row, extensive, drift),
    sentiment: null,
    categories: [],
    talkTime: null,
    summary: said(extensive?.summary?.text),
  };
}

function readDetail(detail: Answer['detail']) {
  const parsed = detailSchema.safeParse(detail ?? {});
  if (!parsed.success) throw new RecordInvalid(['detail: expected {extensive, sentences, refused}']);
  return parsed.data;
}

/** A row with its extensive answer and sentences, in our words. */
export function normalize({ listed, detail }: Answer): Normalized {
  const drift: Drift = new Set();
  const unknown: Record<string, unknown> = {};
  const { extensive: raw, sentences = [], refused = {} } = readDetail(detail);
  const listedRow = readRecord(rowSchema, listed, { drift, essential: rowEssentials, unknown });
  const extensive = raw === undefined ? null : readRecord(extensiveSchema, raw, { drift, at: 'extensive', unknown });
  const row = newestRow(listedRow, extensive);
  const content = contentOf(row, extensive, drift);
  const { participants, language } = content;
  const transcript = transcriptOf(sentences, { participants, language }, drift);
  const metadata = metadataOf({ ...rowMetadata(row, unknown), ...(extensive && extensiveMetadata(extensive, drift)) });
  return {
    externalId: row.id,
    stamp: row.updated_at,
    scope: detail === null ? 'listing' : 'whole',
    content: { ...content, metadata },
    transcript,
    artifacts: {
      transcript: transcriptFinding({ asked: detail !== null, hasTurns: transcript !== null, refused }),
      summary: summaryFinding(extensive, refused.extensive, drift),
    },
    files: filesOf(row),
    drift: [...drift],
  };
}

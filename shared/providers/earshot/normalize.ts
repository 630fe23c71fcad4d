import { type Content, contentSchema } from '#shared/domain/conversation.ts';
import { RecordInvalid } from '#shared/domain/errors.ts';
import { type ListedFile, longestKey } from '#shared/domain/media.ts';
import { transcriptSchema } from '#shared/domain/transcript.ts';
import { blankContent } from '../blank-content.ts';
import { boundedJson, metadataOf } from '../bounded-json.ts';
import type { Answer, Normalized, RecordReference } from '../connector.ts';
import { externalIdExpected, said } from '../field-schemas.ts';
import { stampOrder } from '../field-values.ts';
import { type Drift, kindOf, note, readEach, readRecord } from '../read-record.ts';
import { wellFormed } from '../well-formed.ts';
import { findingsOf } from './findings.ts';
import {
  detailSchema,
  fileSchema,
  namedSchema,
  recordEssentials,
  recordSchema,
  type SourceDetail,
  type SourceRecord,
} from './schema.ts';

/** Which conversation a record is: its id there is the external id here. */
export function identify(listed: unknown): RecordReference {
  const parsed = namedSchema.safeParse(listed);
  if (!parsed.success) throw new RecordInvalid([`id: expected ${externalIdExpected}`]);
  const { id, updatedAt: stamp } = parsed.data;
  return { externalId: id, stamp: typeof stamp === 'string' && stampOrder(stamp) !== null ? stamp : null };
}

/** What the other Earshot kept, within our own bounds: its answer is no more trusted than any. */
function boundedObject(metadata: Content['metadata']): Content['metadata'] {
  const bounded = boundedJson(metadata);
  return typeof bounded === 'object' && bounded !== null && !Array.isArray(bounded) ? bounded : {};
}

/** The fields of the record that say something, as they are: both sides speak the same words. */
function contentOf(record: SourceRecord, unknown: Readonly<Record<string, unknown>>, drift: Drift): Content {
  const told = Object.entries(contentSchema.shape).flatMap(([name, schema]) => {
    const value = record[name as keyof Content];
    if (value === null || value === undefined) return [];
    const parsed = schema.safeParse(value);
    if (!parsed.success) note(drift, `${name}=<${kindOf(value)}>`);
    return parsed.success ? [[name, parsed.data] as const] : [];
  });
  const content: Content = { ...blankContent, ...Object.fromEntries(told) };
  const kept = boundedObject(content.metadata);
  const metadata = metadataOf({
    ...kept,
    origin: metadataOf({ provider: said(record.provider) }),
    other: boundedJson(unknown) ?? kept['other'],
  });
  return wellFormed({ ...content, metadata });
}

/** The files whose bytes the other Earshot has; others it has not copied itself yet. */
const filesOf = ({ media }: SourceRecord, drift: Drift): ListedFile[] =>
  readEach(fileSchema.partial(), media, 'media[]', drift).flatMap(({ key, kind, contentType, bytes, sha512 }) =>
    key && kind && key.length <= longestKey
      ? [{ key, kind, contentType: contentType ?? null, bytes: bytes ?? null, revision: sha512 ?? null }]
      : [],
  );

function readDetail(detail: Answer['detail']): SourceDetail | null {
  if (detail === null) return null;
  const parsed = detailSchema.safeParse(detail);
  if (!parsed.success) throw new RecordInvalid(['detail: expected {transcript, refused}']);
  return parsed.data;
}

/** The transcript as it is; a turn whose speaker is not among the participants as read keeps its role alone. */
function transcriptOf(detail: SourceDetail | null, participants: Content['participants'], drift: Drift) {
  const given = detail?.transcript;
  if (given === null || given === undefined) return null;
  const parsed = transcriptSchema.safeParse(given);
  if (!parsed.success) {
    note(drift, `transcript=<${kindOf(given)}>`);
    return null;
  }
  const utterances = parsed.data.utterances.map((turn) => {
    const isKnown = turn.participant !== null && participants[turn.participant]?.role === turn.role;
    return isKnown ? turn : { ...turn, participant: null };
  });
  return wellFormed({ ...parsed.data, utterances });
}

/** A record of another Earshot in our words, which are its own. */
export function normalize({ listed, detail: given }: Answer): Normalized {
  const drift: Drift = new Set();
  const unknown: Record<string, unknown> = {};
  const record = readRecord(recordSchema, listed, { drift, essential: recordEssentials, unknown });
  const detail = readDetail(given);
  const content = contentOf(record, unknown, drift);
  const transcript = transcriptOf(detail, content.participants, drift);
  return {
    externalId: record.id,
    stamp: record.updatedAt,
    scope: detail === null ? 'listing' : 'whole',
    content,
    transcript,
    artifacts: findingsOf({ record, content, detail, transcript, drift }),
    files: wellFormed(filesOf(record, drift)),
    drift: [...drift],
  };
}

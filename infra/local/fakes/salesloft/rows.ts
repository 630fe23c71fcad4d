import { recordText } from '../raw-json.ts';
import { formatStamp, usPerMs } from '../stamp.ts';
import type { SalesloftRecord, SalesloftSentence, SalesloftTranscript, SalesloftWorld } from './world.ts';
import { transcriptAt, updatedAtUs } from './world.ts';

/** Records as the API writes them. */

export type Writing = { readonly world: SalesloftWorld; readonly nowUs: number; readonly origin: string };

type Reference = { readonly id: string; readonly _href: string };

export function conversationText(record: SalesloftRecord, writing: Writing): string {
  return recordText(conversationFields(record, writing), record.malformed);
}

/** A transcription of the page leaves `transcription_sentences` out of the extensive record. */
export function extensiveText(record: SalesloftRecord, writing: Writing): string {
  const { transcription_sentences: _left, ...fields } = conversationFields(record, writing);
  return recordText({ ...fields, ...extensiveFields(record, writing) }, record.malformed);
}

export function transcriptionText(record: SalesloftRecord, transcript: SalesloftTranscript, writing: Writing): string {
  const stamp = formatStamp(transcript.atUs, record.offsetMinutes);
  return recordText({
    id: transcript.id,
    language_code: record.languageCode,
    created_at: stamp,
    updated_at: stamp,
    conversation: reference(writing, 'conversations', record.id),
    transcription_sentences: reference(writing, 'transcriptions', transcript.id, '/sentences'),
    transcription_artifact: reference(writing, 'transcriptions', transcript.id, '/artifact'),
  });
}

/** `id` is the transcription's id on every row: it names no sentence. */
export function sentenceText(
  record: SalesloftRecord,
  transcript: SalesloftTranscript,
  sentence: SalesloftSentence,
  order: number,
  writing: Writing,
): string {
  const fields = {
    id: transcript.id,
    start_time: sentence.startSeconds,
    end_time: sentence.endSeconds,
    order_number: order,
    recording_attendee_id: record.attendees[sentence.speaker]?.id ?? null,
    text: sentence.text,
    conversation: reference(writing, 'conversations', record.id),
  };
  return recordText(fields, order === 1 ? transcript.malformedSentence : undefined);
}

export function reference({ origin }: Writing, collection: string, id: string, part = ''): Reference {
  return { id, _href: `${origin}/v2/${collection}/${id}${part}` };
}

function conversationFields(record: SalesloftRecord, writing: Writing): Record<string, unknown> {
  const stamp = (us: number): string => formatStamp(us, record.offsetMinutes);
  const transcript = transcriptAt(record, writing.nowUs);
  const hasRecording = record.recordingAtUs !== null && record.recordingAtUs <= writing.nowUs;
  const of = (collection: string, id: string | null | undefined, part = ''): Reference | null =>
    id === null || id === undefined ? null : reference(writing, collection, id, part);
  return {
    id: record.id,
    duration: record.durationMs,
    is_api: record.isApi,
    platform: record.platform,
    media_type: record.mediaType,
    organization_id: writing.world.organizationId,
    title: record.title,
    owner_id: record.ownerId,
    user_guid: record.userGuid,
    started_recording_at: Math.floor(record.startUs / usPerMs),
    event_start_date: stamp(record.startUs),
    event_end_date: stamp(record.endUs),
    language_code: record.languageCode,
    created_at: stamp(record.createdAtUs),
    updated_at: stamp(updatedAtUs(record, writing.nowUs)),
    call_id: record.callId,
    account: of('accounts', record.accountId),
    person: of('people', record.personId),
    recording: of('conversations', hasRecording ? record.id : null, '/recording'),
    transcription: of('transcriptions', transcript?.id),
    transcription_sentences: of('transcriptions', transcript?.id, '/sentences'),
    transcription_artifact: of('transcriptions', transcript?.id, '/artifact'),
  };
}

function extensiveFields(record: SalesloftRecord, writing: Writing): Record<string, unknown> {
  const ready = record.summary !== null && record.summary.atUs <= writing.nowUs ? record.summary : null;
  const at = ready === null ? null : formatStamp(ready.atUs, record.offsetMinutes);
  const status = ready === null ? 'processing' : 'completed';
  const items = ready === null ? [] : record.actionItems;
  return {
    owner_email: record.ownerEmail,
    opportunity: record.opportunityId === null ? null : reference(writing, 'opportunities', record.opportunityId),
    attendees: record.attendees.map(({ id, fullName, email, isInternal }) => ({
      id,
      full_name: fullName,
      email,
      is_internal: isInternal,
    })),
    invitees: record.invitees.map(({ fullName, email }) => ({ full_name: fullName, email })),
    summary: ready === null ? null : { id: ready.id, text: ready.text, status: 'completed', created_at: at },
    action_items: {
      status,
      items: items.map(({ id, text }) => ({
        id,
        original_text: text,
        edited_text: null,
        created_at: at,
        updated_at: at,
      })),
    },
    key_moments: { status, items: ready === null ? [] : record.keyMoments },
    meddpicc: null,
  };
}

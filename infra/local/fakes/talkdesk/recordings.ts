import { recordingOf } from '../audio.ts';
import type { FakeAnswer, FakeRequest } from '../exchange.ts';
import { jsonAnswer } from '../exchange.ts';
import { serveBytes } from '../serve-bytes.ts';
import { linkRefusal, signedLink } from '../signed-link.ts';
import { formatStamp, usPerMs } from '../stamp.ts';
import { apiError } from './error.ts';
import type { TalkdeskSettings } from './settings.ts';
import type { TalkdeskRecord, TalkdeskRecording, TalkdeskWorld } from './world.ts';
import { isVisible } from './world.ts';

export type RecordingsCall = {
  readonly world: TalkdeskWorld;
  readonly nowMs: number;
  readonly origin: string;
  readonly settings: TalkdeskSettings;
};

type Found = { readonly record: TalkdeskRecord; readonly recording: TalkdeskRecording; readonly index: number };

/** Ids are UUIDs in the documents and 32 hex digits in saved files: both name the same call here. */
export const bareId = (id: string): string => id.replaceAll('-', '').toLowerCase();

/** GET /calls/{call_id}/recordings; an interaction's id is taken as the call's, as public code does. */
export function answerCallRecordings(callId: string, call: RecordingsCall): FakeAnswer {
  const { world, nowMs, settings, origin } = call;
  const record = world.interactions.find((one) => bareId(one.id) === bareId(callId) && isVisible(one, nowMs * usPerMs));
  if (!record) return apiError(404);
  if (record.forbidden) return apiError(403);
  const ready = readyOf(record, nowMs);
  if (ready.length === 0 && settings.notReady === 'notFound') return apiError(404);
  const self = `${origin}/calls/${callId}/recordings`;
  return jsonAnswer(200, {
    total: ready.length,
    count: ready.length,
    page: 1,
    per_page: 20,
    _embedded: { recordings: ready.map((found) => recordingFields(found, origin)) },
    _links: { self: { href: self }, page: { href: `${self}{?page,per_page}`, templated: true } },
  });
}

/** GET /recordings/{id}: the recording stands under `recording`, its links beside it. */
export function answerRecording(id: string, call: RecordingsCall): FakeAnswer {
  const found = find(id, call);
  if (!found) return apiError(404);
  if (found.record.forbidden) return apiError(403);
  const { _links, ...recording } = recordingFields(found, call.origin);
  return jsonAnswer(200, { recording, _links });
}

/** GET /recordings/{id}/media, in one of the three ways that are described or seen. */
export function answerMedia(id: string, request: FakeRequest, call: RecordingsCall): FakeAnswer {
  const found = find(id, call);
  if (!found) return apiError(404);
  if (found.record.forbidden) return apiError(403);
  const { settings, origin, nowMs } = call;
  if (settings.media === 'bytes') return serveRecording(request, found.recording);
  const path = `/files/${found.recording.id}.wav`;
  const expiresAtMs = nowMs + settings.linkLifeMs;
  const href = signedLink(filesAt(origin, settings), path, expiresAtMs, settings.clientSecret);
  if (settings.media === 'redirect') return { status: 302, headers: { location: href }, body: '' };
  return jsonAnswer(200, { _links: { self: { href: `${origin}/recordings/${id}/media` }, file: { href } } });
}

/** The host of the signed links: `/files/<recording>.wav`. */
export function answerFile(file: string, request: FakeRequest, call: RecordingsCall): FakeAnswer {
  const refusal = linkRefusal(request, call.settings.clientSecret, call.nowMs);
  if (refusal) return refusal;
  const found = find(file.replace(/\.wav$/, ''), call);
  return found ? serveRecording(request, found.recording) : apiError(404);
}

function serveRecording(request: FakeRequest, { id, bytes, atUs }: TalkdeskRecording): FakeAnswer {
  const file = { bytes: recordingOf(id, bytes), contentType: 'audio/wav', etag: `"${id}"` };
  return serveBytes(request, { ...file, lastModifiedMs: atUs / usPerMs });
}

/** Storage stands elsewhere than the API: it refuses a signed link that comes with a token. */
function filesAt(origin: string, { filesOrigin, filesHost }: TalkdeskSettings): string {
  if (filesOrigin !== undefined || filesHost === undefined) return filesOrigin ?? origin;
  const url = new URL(origin);
  url.hostname = filesHost;
  return url.origin;
}

function find(id: string, { world, nowMs }: RecordingsCall): Found | undefined {
  const record = world.interactions.find(
    (one) => isVisible(one, nowMs * usPerMs) && one.recordings.some((recording) => bareId(recording.id) === bareId(id)),
  );
  return record && readyOf(record, nowMs).find(({ recording }) => bareId(recording.id) === bareId(id));
}

function readyOf(record: TalkdeskRecord, nowMs: number): Found[] {
  return record.recordings
    .map((recording, index) => ({ record, recording, index }))
    .filter(({ recording }) => recording.atUs <= nowMs * usPerMs)
    .filter(({ recording }) => nowMs * usPerMs < (recording.deletedAtUs ?? Number.POSITIVE_INFINITY));
}

function recordingFields({ record, recording, index }: Found, origin: string) {
  const self = `${origin}/recordings/${recording.id}`;
  return {
    id: recording.id,
    call_id: bareId(record.id),
    // whole seconds, as in the examples of this API
    created_at: `${formatStamp(recording.atUs).slice(0, 19)}Z`,
    index,
    duration: recording.durationSeconds,
    type: recording.type,
    agents: {
      channel_1: record.agents.map(({ id }) => ({ participant_type: 'AGENT', participant_id: id })),
      channel_2: [{ participant_type: 'CONTACT', participant_id: record.customerId }],
    },
    _links: { self: { href: self }, media: { href: `${self}/media` } },
  };
}

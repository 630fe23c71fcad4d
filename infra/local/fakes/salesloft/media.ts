import { recordingOf } from '../audio.ts';
import type { FakeAnswer, FakeRequest } from '../exchange.ts';
import { jsonAnswer } from '../exchange.ts';
import { type ServedFile, serveBytes } from '../serve-bytes.ts';
import { linkRefusal, signedLink } from '../signed-link.ts';
import { formatStamp, usPerMs } from '../stamp.ts';
import type { Writing } from './rows.ts';
import { reference } from './rows.ts';
import type { SalesloftSettings } from './settings.ts';
import { viewOf } from './view.ts';
import type { SalesloftRecord, SalesloftTranscript, SalesloftWorld } from './world.ts';

/** Signed links, for who holds the role permission "Download Conversations". */

const mayNotDownload = (): FakeAnswer => jsonAnswer(403, { error: 'Missing permission Download Conversations' });

export function answerRecording(record: SalesloftRecord, writing: Writing, settings: SalesloftSettings): FakeAnswer {
  if (!settings.mayDownload) return mayNotDownload();
  if (record.recordingAtUs === null || record.recordingAtUs > writing.nowUs) {
    return settings.notReady === 'noLink'
      ? jsonAnswer(200, { data: { id: record.id, url: null } })
      : jsonAnswer(404, { error: 'Not Found' });
  }
  return jsonAnswer(200, { data: { id: record.id, url: link(`/files/${record.id}.wav`, writing, settings) } });
}

export function answerArtifact(
  record: SalesloftRecord,
  transcript: SalesloftTranscript,
  writing: Writing,
  settings: SalesloftSettings,
): FakeAnswer {
  if (!settings.mayDownload) return mayNotDownload();
  const stamp = formatStamp(transcript.atUs, record.offsetMinutes);
  return jsonAnswer(200, {
    data: {
      id: transcript.id,
      language_code: record.languageCode,
      url: link(`/files/${transcript.id}.json`, writing, settings),
      content_type: 'application/json',
      created_at: stamp,
      updated_at: stamp,
      conversation: reference(writing, 'conversations', record.id),
    },
  });
}

/** The host of the signed links: `/files/<conversation>.wav` and `/files/<transcription>.json`. */
export function answerFile(
  world: SalesloftWorld,
  file: string,
  request: FakeRequest,
  nowMs: number,
  settings: SalesloftSettings,
): FakeAnswer {
  const refusal = linkRefusal(request, settings.clientSecret, nowMs);
  if (refusal) return refusal;
  const [id = '', type] = file.split('.');
  const view = viewOf(world, nowMs);
  const record = type === 'wav' ? view.conversation(id) : view.transcribed(id);
  const served = type === 'wav' ? recordingFile(record) : artifactFile(record);
  return served ? serveBytes(request, served) : jsonAnswer(404, { error: 'Not Found' });
}

function recordingFile(record: SalesloftRecord | undefined): ServedFile | undefined {
  if (!record || record.recordingAtUs === null) return undefined;
  const { id, recordingBytes, recordingAtUs } = record;
  const bytes = recordingOf(id, recordingBytes);
  return { bytes, contentType: 'audio/wav', etag: `"${id}"`, lastModifiedMs: recordingAtUs / usPerMs };
}

function artifactFile(record: SalesloftRecord | undefined): ServedFile | undefined {
  if (!record?.transcript) return undefined;
  const { id, atUs, sentences } = record.transcript;
  const bytes = Buffer.from(JSON.stringify({ sentences: sentences.map(({ text }) => text) }));
  return { bytes, contentType: 'application/json', etag: `"${id}"`, lastModifiedMs: atUs / usPerMs };
}

function link(path: string, { nowUs, origin }: Writing, settings: SalesloftSettings): string {
  const expiresAtMs = nowUs / usPerMs + settings.linkLifeMs;
  return signedLink(settings.filesOrigin ?? origin, path, expiresAtMs, settings.clientSecret);
}

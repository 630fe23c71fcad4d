import type { FakeAnswer } from '../exchange.ts';
import { jsonAnswer } from '../exchange.ts';
import { signedLink } from '../signed-link.ts';
import { formatStamp, usPerMs } from '../stamp.ts';
import type { Writing } from './rows.ts';
import { reference } from './rows.ts';
import type { SalesloftSettings } from './settings.ts';
import type { SalesloftRecord, SalesloftTranscript } from './world.ts';

/** Signed links, for who holds the role permission "Download Conversations". */

const mayNotDownload = (): FakeAnswer => jsonAnswer(403, { error: 'Missing permission Download Conversations' });

export function answerRecording(record: SalesloftRecord, writing: Writing, settings: SalesloftSettings): FakeAnswer {
  if (!settings.mayDownload) return mayNotDownload();
  if (record.recordingAtUs === null || record.recordingAtUs > writing.nowUs) {
    return jsonAnswer(404, { error: 'Not Found' });
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

function link(path: string, { nowUs, origin }: Writing, settings: SalesloftSettings): string {
  const expiresAtMs = nowUs / usPerMs + settings.linkLifeMs;
  return signedLink(settings.filesOrigin ?? origin, path, expiresAtMs, settings.clientSecret);
}

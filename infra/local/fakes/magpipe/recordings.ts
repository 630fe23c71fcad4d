import { wavOf } from '../audio.ts';
import type { FakeAnswer, FakeRequest } from '../exchange.ts';
import { serveBytes } from '../serve-bytes.ts';
import { linkRefusal, refusedLink, signedLink } from '../signed-link.ts';
import { usPerMs } from '../stamp.ts';
import { apiError, given } from './envelope.ts';
import { readQuestion } from './question.ts';
import type { Writing } from './rows.ts';
import { findCall, isThere, type MagpipeCall, type MagpipeWorld } from './world.ts';

export const recordingsPath = '/storage/recordings/';

const longestLifeSeconds = 86_400;

/** A recording's link, or null where there is none yet. It opens the file to anybody for its time. */
export function recordingLink(
  call: MagpipeCall,
  origin: string,
  { nowUs, settings }: Writing,
  lifeMs: number,
): string | null {
  if (!isThere(call.recordingAtUs, nowUs)) return null;
  const path = `${recordingsPath}${call.id}.wav`;
  return signedLink(settings.filesOrigin ?? origin, path, nowUs / usPerMs + lifeMs, settings.apiToken);
}

/** POST /get-signed-recording-url, as its page says or as the stub that stands in the code. */
export function answerSignedUrl(world: MagpipeWorld, request: FakeRequest, writing: Writing): FakeAnswer {
  const { settings, nowUs } = writing;
  const question = readQuestion(request) ?? {};
  if (settings.signedUrls === 'stub') return stubAnswer(question['recordingUrl'], writing);
  const id = question['call_id'];
  if (typeof id !== 'string' || id === '') return apiError(400, 'missing_param', 'call_id is required', settings);
  const call = findCall(world, id, nowUs);
  if (!call) return apiError(404, 'not_found', 'Call not found', settings);
  const asked = question['expires_in'];
  const seconds = typeof asked === 'number' ? Math.min(asked, longestLifeSeconds) : settings.linkLifeMs / 1_000;
  const link = recordingLink(call, new URL(request.url).origin, writing, seconds * 1_000);
  if (link === null) return apiError(404, 'no_recording', 'No recording for this call', settings);
  const expiresAt = new Date(nowUs / usPerMs + seconds * 1_000).toISOString();
  return given(JSON.stringify({ recording_url: link, expires_at: expiresAt }), settings);
}

/** It gives back the link that it was given. */
function stubAnswer(link: unknown, { settings }: Writing): FakeAnswer {
  if (typeof link !== 'string') return apiError(400, '', 'recordingUrl is required', { ...settings, errors: 'text' });
  return given(JSON.stringify({ signedUrl: link, message: 'Signing is not set up' }), settings);
}

/** The bytes behind a link, with ranges; no token of the API may come along. */
export function answerRecording(world: MagpipeWorld, request: FakeRequest, { nowUs, settings }: Writing): FakeAnswer {
  const refusal = linkRefusal(request, settings.apiToken, nowUs / usPerMs);
  if (refusal) return refusal;
  const id = new URL(request.url).pathname.slice(recordingsPath.length).replace(/\.wav$/, '');
  const call = findCall(world, id, nowUs);
  if (!call || !isThere(call.recordingAtUs, nowUs)) return refusedLink(404);
  return serveBytes(request, {
    bytes: wavOf(id),
    contentType: 'audio/wav',
    etag: `"${id}"`,
    lastModifiedMs: call.recordingAtUs / usPerMs,
  });
}

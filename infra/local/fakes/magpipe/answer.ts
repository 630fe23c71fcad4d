import type { FakeAnswer, FakeRequest } from '../exchange.ts';
import { usPerMs } from '../stamp.ts';
import { bearerOf } from '../token.ts';
import { apiError, given } from './envelope.ts';
import { answerListCalls } from './list-calls.ts';
import { readQuestion } from './question.ts';
import { answerRecording, answerSignedUrl, recordingLink, recordingsPath } from './recordings.ts';
import { callText, type Writing } from './rows.ts';
import type { MagpipeSettings } from './settings.ts';
import { magpipeDefaults } from './settings.ts';
import { findCall, type MagpipeWorld } from './world.ts';

const apiPath = '/functions/v1/';

/** What Magpipe answers at `nowMs`, but for what depends on earlier requests: limits (rate-limit.ts) and faults. */
export function answerMagpipe(
  world: MagpipeWorld,
  request: FakeRequest,
  nowMs: number,
  settings: MagpipeSettings = magpipeDefaults,
): FakeAnswer {
  const { pathname } = new URL(request.url);
  const writing: Writing = { nowUs: nowMs * usPerMs, settings };
  if (pathname.startsWith(recordingsPath)) return answerRecording(world, request, writing);
  if (bearerOf(request) !== settings.apiToken) return apiError(401, 'unauthorized', 'Invalid token', settings);
  const endpoint = pathname.startsWith(apiPath) ? pathname.slice(apiPath.length) : '';
  // the code never looks at the method
  if (endpoint === 'get-call') return answerGetCall(world, request, writing);
  if (endpoint === 'list-calls') return answerListCalls(world, request, writing);
  if (endpoint === 'get-signed-recording-url') return answerSignedUrl(world, request, writing);
  return apiError(404, 'not_found', 'Function not found', settings);
}

/** The id stands in the body, as in every example; in the query too, since the page is headed GET. */
function answerGetCall(world: MagpipeWorld, request: FakeRequest, writing: Writing): FakeAnswer {
  const { settings, nowUs } = writing;
  const url = new URL(request.url);
  const question = readQuestion(request);
  if (question === undefined) return apiError(500, 'server_error', 'Unexpected end of JSON input', settings);
  const id = question['call_id'] ?? url.searchParams.get('call_id');
  if (typeof id !== 'string' || id === '') return apiError(400, 'missing_param', 'call_id is required', settings);
  const call = findCall(world, id, nowUs);
  // one that belongs to somebody else is not told from one that is not there
  if (!call) return apiError(404, 'not_found', 'Call not found', settings);
  return given(callText(call, recordingLink(call, url.origin, writing, settings.linkLifeMs), writing), settings);
}

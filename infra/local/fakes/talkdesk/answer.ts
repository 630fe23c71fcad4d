import type { FakeAnswer, FakeRequest } from '../exchange.ts';
import { apiError } from './error.ts';
import { answerInteractions } from './interactions.ts';
import { answerCallRecordings, answerFile, answerMedia, answerRecording } from './recordings.ts';
import type { TalkdeskSettings } from './settings.ts';
import { talkdeskDefaults } from './settings.ts';
import { answerToken, refusalOf } from './token-endpoint.ts';
import type { TalkdeskWorld } from './world.ts';

/** What Talkdesk answers at `nowMs`, but for what depends on earlier requests: rate limit and faults. */
export function answerTalkdesk(
  world: TalkdeskWorld,
  request: FakeRequest,
  nowMs: number,
  settings: TalkdeskSettings = talkdeskDefaults,
): FakeAnswer {
  const url = new URL(request.url);
  if (url.pathname === '/oauth/token' && request.method === 'POST') return answerToken(request, nowMs, settings);
  const [first, second = '', third, ...rest] = url.pathname.split('/').slice(1);
  const call = { world, nowMs, origin: url.origin, settings };
  if (first === 'files') return answerFile(second, request, call);
  if (request.method !== 'GET') return apiError(404);
  const isList = url.pathname === '/conversations/interactions';
  const refusal = refusalOf(request, isList ? 'interactions-public:read' : 'recordings:read', nowMs, settings);
  if (refusal) return refusal;
  if (isList) return answerInteractions(world, url.searchParams, nowMs, settings);
  if (rest.length > 0 || second === '') return apiError(404);
  if (first === 'calls' && third === 'recordings') return answerCallRecordings(second, call);
  if (first === 'recordings' && third === undefined) return answerRecording(second, call);
  if (first === 'recordings' && third === 'media') return answerMedia(second, request, call);
  return apiError(404);
}

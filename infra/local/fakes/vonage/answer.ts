import type { FakeAnswer, FakeRequest } from '../exchange.ts';
import { isApi, refusalOf, versionOf } from './access.ts';
import { answerAnalyses, answerAnalysis } from './analyzer.ts';
import { answerContent, answerFile, answerInteraction } from './content.ts';
import { apiError } from './error.ts';
import { answerSearch } from './search.ts';
import type { VonageSettings } from './settings.ts';
import { vonageDefaults } from './settings.ts';
import { answerToken, tokenPath } from './token-endpoint.ts';
import type { VonageWorld } from './world.ts';

/** What Vonage answers at `nowMs`, but for what depends on earlier requests: rate limit and faults. */
export function answerVonage(
  world: VonageWorld,
  request: FakeRequest,
  nowMs: number,
  settings: VonageSettings = vonageDefaults,
): FakeAnswer {
  const url = new URL(request.url);
  if (url.pathname === tokenPath && request.method === 'POST') return answerToken(request, nowMs, settings);
  const path = segmentsOf(url);
  const call = { world, request, nowMs, settings };
  const [api, collection = '', guid, part, contentKey = '', ...rest] = path;
  if (api === 'files' && guid !== undefined && part === undefined) return answerFile(collection, guid, call);
  if (!isApi(api) || request.method !== 'GET') return apiError(404);
  const version = versionOf(request, api);
  const refusal = refusalOf(request, nowMs, settings);
  if (refusal) return refusal;
  if (typeof version !== 'number') return version;
  if (collection !== 'interactions' || rest.length > 0) return apiError(404);
  if (api === 'conversation-analyzer') {
    const asked = { world, query: url.searchParams, version, nowMs, settings };
    if (guid === undefined) return answerAnalyses(asked);
    return part === undefined ? answerAnalysis(guid, asked) : apiError(404);
  }
  if (guid === undefined) return answerSearch(world, url.searchParams, nowMs, settings);
  if (part === undefined) return answerInteraction(guid, call);
  return part === 'content' ? answerContent(guid, contentKey, call) : apiError(404);
}

/** Each part decoded once; none of an address that cannot be decoded. */
function segmentsOf({ pathname }: URL): string[] {
  try {
    return pathname.split('/').slice(1).map(decodeURIComponent);
  } catch {
    return [];
  }
}

import type { FakeAnswer } from '../exchange.ts';
import { jsonTextAnswer } from '../exchange.ts';
import { usPerMs } from '../stamp.ts';
import { analysisText, processingText } from './analysis-rows.ts';
import { apiError } from './error.ts';
import type { AnalysisMissing, VonageSettings } from './settings.ts';
import type { VonageAnalysis, VonageWorld } from './world.ts';
import { findRecord } from './world.ts';

export type AnalyzerCall = {
  readonly world: VonageWorld;
  readonly query: URLSearchParams;
  readonly version: number;
  readonly nowMs: number;
  readonly settings: VonageSettings;
};

const mostCalls = 50;
const guidPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** GET /conversation-analyzer/interactions?calls=…: a bare array. */
export function answerAnalyses(call: AnalyzerCall): FakeAnswer {
  const { query, settings } = call;
  const guids = [...new Set((query.get('calls') ?? '').split(',').filter(Boolean))];
  if (guids.length === 0) return apiError(400, 'The calls parameter is required.');
  if (guids.length > mostCalls) return apiError(400, `At most ${mostCalls} calls can be requested.`);
  const refusal = refusalOf(guids, call);
  if (refusal) return refusal;
  const items = inOrder(guids, settings).map((guid) => itemOf(guid, call));
  if (items.includes('notFound')) return apiError(404);
  return jsonTextAnswer(200, `[${items.filter((item) => item !== 'leftOut').join(',')}]`);
}

/** GET /conversation-analyzer/interactions/{guid}: one item. */
export function answerAnalysis(guid: string, call: AnalyzerCall): FakeAnswer {
  const refusal = refusalOf([guid], call);
  if (refusal) return refusal;
  const item = itemOf(guid, call);
  return item === 'notFound' || item === 'leftOut' ? apiError(404) : jsonTextAnswer(200, item);
}

function refusalOf(guids: readonly string[], { query, settings }: AnalyzerCall): FakeAnswer | undefined {
  const isBoolean = /^(true|false)$/i.test(query.get('transcript') ?? 'false');
  if (!isBoolean) return apiError(400, 'The transcript parameter must be a boolean.');
  if (guids.every((guid) => guidPattern.test(guid))) return undefined;
  return apiError(settings.malformedGuid === 'notFound' ? 404 : 500);
}

/** Its JSON text, or how it is missing. */
function itemOf(guid: string, { world, query, version, nowMs, settings }: AnalyzerCall): string {
  const nowUs = nowMs * usPerMs;
  const analysis = findRecord(world, guid, nowUs)?.analysis;
  if (!analysis || analysis.atUs > nowUs) return missing(guid, settings.unknownGuid);
  if (!isDone(analysis, nowUs)) return missing(guid, settings.unprocessedGuid);
  return analysisText(guid, analysis, { version, transcript: /^true$/i.test(query.get('transcript') ?? '') });
}

function missing(guid: string, how: AnalysisMissing): string {
  return how === 'processing' ? processingText(guid) : how;
}

function isDone({ doneAtUs }: VonageAnalysis, nowUs: number): boolean {
  return doneAtUs !== null && doneAtUs <= nowUs;
}

function inOrder(guids: readonly string[], { analysisOrder }: VonageSettings): readonly string[] {
  if (analysisOrder === 'asked') return guids;
  return analysisOrder === 'reversed' ? guids.toReversed() : guids.toSorted();
}

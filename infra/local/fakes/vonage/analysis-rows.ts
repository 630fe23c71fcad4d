import { recordText } from '../raw-json.ts';
import type { VonageAnalysis, VonageSentiment } from './world.ts';

/** Items as the Conversation Analyzer writes them. */

/** The shape of an unfinished item is not documented. */
export function processingText(guid: string): string {
  return recordText({
    guid,
    status: 'processing',
    language: null,
    confidence: null,
    categories: [],
    callTimeBreakDown: null,
    transcript: null,
  });
}

/** Of a call that the analyzer is done with. The language came with version 3, counts of matches with version 2. */
export function analysisText(
  guid: string,
  analysis: VonageAnalysis,
  asked: { readonly version: number; readonly transcript: boolean },
): string {
  const { outcome: status, language, confidence, categories, callTime, transcript, sentiment, malformed } = analysis;
  if (status === 'failed') return recordText({ guid, status, categories: [], transcript: null }, malformed);
  const fields = {
    categories: categories.map(asked.version === 1 ? namesOnly : withCounts),
    guid,
    status,
    language: asked.version === 3 ? language : undefined,
    confidence,
    callTimeBreakDown: callTime,
    transcript: asked.transcript ? transcript : null,
    sentimentSummary: sentiment === null ? undefined : sentimentFields(sentiment),
  };
  return recordText(fields, malformed);
}

export function sentimentFields({ overall, shares, tenths }: VonageSentiment) {
  return {
    overallSentiment: overall,
    categories: shares,
    distributionOverTime: tenths.map((score, i) => ({ score, span: { start: i * 10, end: (i + 1) * 10 } })),
  };
}

type Group = VonageAnalysis['categories'][number];

/** A number in a text, as documented. */
function withCounts({ category, categories }: Group): unknown {
  return { category, categories: categories.map(({ name, matches }) => ({ name, matches: String(matches) })) };
}

function namesOnly({ category, categories }: Group): unknown {
  return { category, subcategories: categories.map(({ name }) => name) };
}

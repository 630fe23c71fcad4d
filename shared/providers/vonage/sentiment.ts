import type { Content } from '#shared/domain/conversation.ts';
import { boundedJson } from '../bounded-json.ts';
import { fieldsOf } from '../fields-of.ts';
import { type Drift, note, readEach } from '../read-record.ts';
import { type SentimentSummary, tenthSchema } from './schema.ts';

type Sentiment = NonNullable<Content['sentiment']>;

/** Samples lie within -1 and 1, the range itself is not stated: a number beyond is no score of ours. */
function scoreOf({ overallSentiment: score = null }: SentimentSummary, drift: Drift): number | null {
  if (score === null || Math.abs(score) <= 1) return score;
  note(drift, 'analysis.sentimentSummary.overallSentiment=<range>');
  return null;
}

function distributionOf({ categories }: SentimentSummary): Sentiment['distribution'] {
  const {
    veryNegative = null,
    negative = null,
    neutral = null,
    positive = null,
    veryPositive = null,
  } = categories ?? {};
  return veryNegative === null || negative === null || neutral === null || positive === null || veryPositive === null
    ? null
    : { veryNegative, negative, neutral, positive, veryPositive };
}

function overTimeOf({ distributionOverTime }: SentimentSummary, drift: Drift): Sentiment['overTime'] {
  const at = 'analysis.sentimentSummary.distributionOverTime[]';
  const tenths = readEach(tenthSchema, distributionOverTime, at, drift).flatMap(({ score, span }) => {
    const startPercent = span?.start ?? null;
    const endPercent = span?.end ?? null;
    const isWhole = typeof score === 'number' && startPercent !== null && endPercent !== null;
    return isWhole ? [{ startPercent, endPercent, score }] : [];
  });
  return tenths.length > 0 ? tenths : null;
}

/**
 * The sentiment of a whole call; null where the summary says nothing that can be read. `raw` is the summary as sent: what
 * is not shown in full beside it is kept in `original`.
 */
export function sentimentOf(summary: SentimentSummary, raw: unknown, drift: Drift): Sentiment | null {
  const score = scoreOf(summary, drift);
  const distribution = distributionOf(summary);
  const overTime = overTimeOf(summary, drift);
  if (score === null && distribution === null && overTime === null) return null;
  const { categories, distributionOverTime, ...rest } = fieldsOf(raw);
  const isShown = distribution !== null && Object.keys(fieldsOf(categories)).length === 5;
  const areShown = fieldsOf(distributionOverTime)['length'] === overTime?.length;
  const original = { ...rest, ...(!isShown && { categories }), ...(!areShown && { distributionOverTime }) };
  return { score, label: null, distribution, overTime, original: boundedJson(original) ?? null };
}

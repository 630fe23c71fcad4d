import type { Content, StoredConversation, StoredRecord } from '#shared/domain/conversation.ts';
import type { Transcript } from '#shared/domain/transcript.ts';
import { fieldsOf } from '../fields-of.ts';
import type { AnalysisAnswer } from './wire.ts';

export type AnalysisAsked = {
  /** as it was asked for */
  guid: string;
  transcript: boolean;
  /** 1 to 3 */
  version: number;
};

/** What the analyzer says of a conversation, as of Vonage's own: the inverse of `readAnalysis`. */
export function writeAnalysis({ conversation, transcript }: StoredRecord, asked: AnalysisAsked): AnalysisAnswer {
  const { guid, version } = asked;
  const status = statusOf(conversation.artifacts);
  const blank = { guid, status, categories: [], transcript: null };
  if (status === 'failed') return blank;
  if (status === 'processing') {
    return { ...blank, ...(version === 3 && { language: null }), confidence: null, callTimeBreakDown: null };
  }
  const { provider, metadata, sentiment, categories, talkTime, artifacts } = conversation;
  const { confidence, other } = fieldsOf(provider === 'vonage' ? metadata['analysis'] : undefined);
  const language = version === 3 ? languageTag(transcript?.language ?? conversation.language) : null;
  const sentimentSummary = sentimentOf(sentiment, provider);
  return {
    ...jsonFields(other),
    ...(artifacts['categories']?.state !== 'absent' && { categories: groupsOf(categories, version) }),
    guid,
    status,
    ...(language !== null && { language }),
    ...(typeof confidence === 'string' && { confidence }),
    callTimeBreakDown: talkTime && secondsOf(talkTime),
    transcript: asked.transcript && transcript ? linesOf(transcript) : null,
    ...(sentimentSummary && { sentimentSummary }),
  };
}

type Json = Content['metadata'][string];

/** The fields of a value of the metadata, which is JSON all through. */
export const jsonFields = (value: unknown): Readonly<Record<string, Json>> =>
  fieldsOf(value) as Readonly<Record<string, Json>>;

const analysed = ['transcript', 'sentiment', 'categories', 'talkTime'];
/** Why an analysis will not come at all. */
const refusals: ReadonlySet<string | undefined> = new Set(['analysisFailed', 'permissionMissing']);

/**
 * One status for the whole. Without a transcript that is still to come, nothing is told: Vonage's clients take a missing
 * text of a processed call for none.
 */
function statusOf(artifacts: StoredConversation['artifacts']): AnalysisAnswer['status'] {
  const parts = analysed.flatMap((kind) => artifacts[kind] ?? []);
  const has = (state: string): boolean => parts.some((part) => part.state === state);
  if (artifacts['transcript']?.state === 'pending') return 'processing';
  if (has('ready')) return 'processed';
  if (has('pending') || has('overdue')) return 'processing';
  return parts.some(({ state, reason }) => state === 'failed' || refusals.has(reason)) ? 'failed' : 'processed';
}

/** Tags stand in lower case (`en-gb`); whatever is no tag as it is. */
function languageTag(language: string | null): string | null {
  try {
    return language && (Intl.getCanonicalLocales(language)[0] ?? language).toLowerCase();
  } catch {
    return language;
  }
}

/** A line each turn: a line break inside one would make it two. */
function linesOf({ utterances, text }: Transcript): string {
  const turns = utterances.length > 0 ? utterances.map((turn) => turn.text) : text.split(/\r\n|[\r\n]/);
  return turns
    .map((turn) => turn.replaceAll(/\s*[\r\n]+\s*/g, ' '))
    .filter((turn) => turn.trim() !== '')
    .join('\n');
}

/** Groups as they followed each other. Version 1 has names without counts. */
function groupsOf(categories: Content['categories'], version: number): NonNullable<AnalysisAnswer['categories']> {
  const groups: { category: string | null; matched: Content['categories'] }[] = [];
  for (const matched of categories) {
    const last = groups.at(-1);
    if (last && last.category === matched.group) last.matched.push(matched);
    else groups.push({ category: matched.group, matched: [matched] });
  }
  return groups.map(({ category, matched }) =>
    version === 1
      ? { category, subcategories: matched.map(({ name }) => name) }
      : {
          category,
          categories: matched.map(({ name, matches }) => ({
            name,
            ...(matches !== null && { matches: `${matches}` }),
          })),
        },
  );
}

/** Seconds; what is not known is left out. */
function secondsOf({ agentMs, customerMs, silenceMs, crossTalkMs }: NonNullable<Content['talkTime']>) {
  return {
    ...(agentMs !== null && { agent: agentMs / 1000 }),
    ...(customerMs !== null && { customer: customerMs / 1000 }),
    ...(silenceMs !== null && { silence: silenceMs / 1000 }),
    ...(crossTalkMs !== null && { crossTalk: crossTalkMs / 1000 }),
  };
}

/** Vonage's own as it was; another's only where it has a number. */
function sentimentOf(
  sentiment: Content['sentiment'],
  provider: StoredConversation['provider'],
): AnalysisAnswer['sentimentSummary'] | null {
  if (!sentiment || (provider !== 'vonage' && sentiment.score === null)) return null;
  const { score, distribution, overTime, original } = sentiment;
  const tenths = overTime?.map(({ score: mean, startPercent: start, endPercent: end }) => ({
    score: mean,
    span: { start, end },
  }));
  return {
    ...(score !== null && { overallSentiment: score }),
    ...(distribution && { categories: distribution }),
    ...(tenths && { distributionOverTime: tenths }),
    ...(provider === 'vonage' && jsonFields(original)),
  };
}

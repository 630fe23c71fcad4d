import type { ArtifactFinding } from '#shared/domain/artifact.ts';
import type { Content } from '#shared/domain/conversation.ts';
import { makeTranscript, type Transcript } from '#shared/domain/transcript.ts';
import { blankContent } from '../blank-content.ts';
import { boundedJson, metadataOf } from '../bounded-json.ts';
import { said } from '../field-schemas.ts';
import { secondsToMs } from '../field-values.ts';
import { type Drift, note, readRecord } from '../read-record.ts';
import { categoriesOf } from './categories.ts';
import { isEmpty } from './fields.ts';
import { type Analysis, analysisSchema, type KnownDetail } from './schema.ts';
import { sentimentOf } from './sentiment.ts';

/** What the analyzer says of one interaction, in our words. */
export type Analysed = {
  content: Pick<Content, 'language' | 'sentiment' | 'categories' | 'talkTime'>;
  transcript: Transcript | null;
  artifacts: Readonly<Record<'transcript' | 'sentiment' | 'categories' | 'talkTime', ArtifactFinding>>;
  metadata: Content['metadata'];
};

/** The same finding for all parts: the status is that of the whole analysis. */
const allAre = (finding: ArtifactFinding): Analysed => {
  const { language, sentiment, categories, talkTime } = blankContent;
  return {
    content: { language, sentiment, categories, talkTime },
    transcript: null,
    artifacts: { transcript: finding, sentiment: finding, categories: finding, talkTime: finding },
    metadata: {},
  };
};

const statusOf = (status: unknown): string => (typeof status === 'string' ? status.trim().toLowerCase() : '');

/** Whether the analyzer has said its last word. */
export const isSettled = ({ analysis, refused }: KnownDetail): boolean =>
  refused !== undefined || ['processed', 'failed'].includes(statusOf(analysis?.['status']));

/** Without an analysis, or with one under way, everything is awaited; so it is under a status that is not known. */
export function readAnalysis({ analysis: raw, refused }: KnownDetail, drift: Drift): Analysed {
  if (refused) return allAre({ state: 'absent', reason: refused });
  if (!raw) return allAre({ state: 'pending' });
  const unknown: Record<string, unknown> = {};
  const analysis = readRecord(analysisSchema, raw, { drift, at: 'analysis', unknown });
  const status = statusOf(analysis.status);
  if (status === 'processed') return processed(analysis, raw, unknown, drift);
  if (status === 'failed') return allAre({ state: 'absent', reason: 'analysisFailed' });
  if (status !== 'processing') note(drift, 'analysis.status=<new>');
  return allAre({ state: 'pending' });
}

/** What is there is ready. What was given and cannot be read is no word that there is none: it stays awaited. */
function finding(isThere: boolean, given: unknown, reason: string): ArtifactFinding {
  if (isThere) return { state: 'ready' };
  return isEmpty(given) ? { state: 'absent', reason } : { state: 'pending' };
}

function processed(
  analysis: Analysis,
  raw: Readonly<Record<string, unknown>>,
  unknown: Readonly<Record<string, unknown>>,
  drift: Drift,
): Analysed {
  const language = languageOf(analysis.language);
  const transcript = transcriptOf(analysis.transcript, language);
  const { sentimentSummary: summary } = analysis;
  const sentiment = summary ? sentimentOf(summary, raw['sentimentSummary'], drift) : null;
  const talkTime = talkTimeOf(analysis);
  const talkTimeGiven = [raw['callTimeBreakDown'], raw['callTimeBreakdown']];
  return {
    // Beside the transcript alone: a language without one would be taken back by the next list, which tells none.
    content: { language: transcript && language, sentiment, categories: categoriesOf(analysis, drift), talkTime },
    transcript,
    artifacts: {
      transcript: finding(transcript !== null, raw['transcript'], 'noTranscript'),
      sentiment: finding(sentiment !== null, raw['sentimentSummary'], 'notProvided'),
      categories: finding(Boolean(analysis.categories), raw['categories'], 'notProvided'),
      talkTime: finding(talkTime !== null, talkTimeGiven, 'notProvided'),
    },
    metadata: metadataOf({
      analysis: metadataOf({ confidence: said(analysis.confidence), other: boundedJson(unknown) }),
    }),
  };
}

/** Tags come in lower case (`en-gb`): the usual form, or as given where it is no tag. */
function languageOf(value: string | null | undefined): string | null {
  const tag = said(value)?.trim() ?? null;
  try {
    return tag === null ? null : (Intl.getCanonicalLocales(tag)[0] ?? tag);
  } catch {
    return tag;
  }
}

/** Turns are separated by line breaks, without speakers and times. */
function transcriptOf(text: string | null | undefined, language: string | null): Transcript | null {
  const lines = (text ?? '').split(/\r\n|[\r\n]/).filter((line) => line.trim() !== '');
  const turns = lines.map((line) => ({
    participant: null,
    role: 'unknown' as const,
    text: line,
    startMs: null,
    endMs: null,
    sentiment: null,
    intent: null,
  }));
  return turns.length > 0 ? makeTranscript(language, turns) : null;
}

function talkTimeOf({ callTimeBreakDown, callTimeBreakdown }: Analysis): Content['talkTime'] {
  const seconds = callTimeBreakDown ?? callTimeBreakdown;
  const talkTime = {
    agentMs: secondsToMs(seconds?.agent),
    customerMs: secondsToMs(seconds?.customer),
    silenceMs: secondsToMs(seconds?.silence),
    crossTalkMs: secondsToMs(seconds?.crossTalk),
  };
  return Object.values(talkTime).some((ms) => ms !== null) ? talkTime : null;
}

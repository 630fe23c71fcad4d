import * as z from 'zod';
import {
  anything,
  externalId,
  externalIdExpected,
  instantExpected,
  instantText,
  list,
  number,
  text,
} from '../field-schemas.ts';
import { flatReader } from '../read-flat.ts';

/**
 * What Vonage sends, version 3 of both APIs: Interaction Content (docs-vcc.atlassian.net/wiki/x/F4Cx1) and Conversation
 * Analyzer (docs-vcc.atlassian.net/wiki/spaces/VCCA/pages/3575021576).
 */

/** An interaction that owns content files. There is no end, no duration and no stamp of the last change. */
export const interactionSchema = z.compile(
  z.object({
    guid: externalId,
    start: instantText,
    connectFrom: text,
    connectTo: text,
    direction: text,
    handlingAgents: list,
    content: list,
  }),
);
export type Interaction = z.output<typeof interactionSchema>;

export const interactionEssentials = { guid: externalIdExpected, start: instantExpected } as const;

/** Which interaction it is, and no more. */
export const identitySchema = z.compile(z.object({ guid: externalId }));

export const readAgents = flatReader({ id: 'id' }, 'handlingAgents[]');

/** A missing token is the end as well as null: serializers leave out what is null. */
export const pageSchema = z.object({
  items: z.array(z.unknown()),
  meta: z.object({ nextContinuationToken: z.string().nullish() }),
});

/** Seconds. */
const talkTime = z.strictObject({ agent: number, customer: number, silence: number, crossTalk: number }).nullish();

/** Percentages of the call. */
const distribution = z
  .strictObject({ veryNegative: number, negative: number, neutral: number, positive: number, veryPositive: number })
  .nullish();

/** The text spells `callTimeBreakdown`, every sample `callTimeBreakDown`. */
export const analysisSchema = z.compile(
  z.object({
    guid: anything,
    status: text,
    language: text,
    confidence: text,
    categories: list,
    callTimeBreakDown: talkTime,
    callTimeBreakdown: talkTime,
    transcript: text,
    sentimentSummary: z
      .strictObject({ overallSentiment: number, categories: distribution, distributionOverTime: list })
      .nullish(),
  }),
);
export type Analysis = z.output<typeof analysisSchema>;
export type SentimentSummary = NonNullable<Analysis['sentimentSummary']>;

/** A tenth of the call; the span is in percent of it, its end excluded. */
export const tenthSchema = z.compile(
  z.object({ score: number, span: z.strictObject({ start: number, end: number }).nullish() }),
);

/** A group of matched categories; version 1 has names without counts. */
export const groupSchema = z.compile(z.object({ category: text, categories: list, subcategories: list }));

/** `matches` is a number in a string. */
export const readMatches = flatReader({ name: 'text', matches: 'id' }, 'analysis.categories[].categories[]');

/**
 * Further answers about one interaction: what the analyzer says of it, or why it will not. With `guid` where it was asked
 * for again, and `interaction`, the listed record, where that was asked for too.
 */
export const detailSchema = z.object({
  guid: z.string().min(1).optional(),
  analysis: z.looseObject({}).optional(),
  refused: z.literal('permissionMissing').optional(),
  interaction: z.looseObject({}).optional(),
});
export type KnownDetail = z.output<typeof detailSchema>;

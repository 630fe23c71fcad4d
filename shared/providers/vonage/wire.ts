import * as z from 'zod';

/**
 * What we write in Vonage's shape, version 3 of both APIs (docs-vcc.atlassian.net/wiki/x/F4Cx1,
 * docs-vcc.atlassian.net/wiki/spaces/VCCA/pages/3575021576). Fields beside these are those that Vonage sent and nobody
 * knew.
 */

const owner = z.object({ id: z.string() }).optional();

export const contentFileSchema = z.object({
  contentKey: z.string(),
  type: z.string(),
  contentType: z.string(),
  contentLength: z.int().nonnegative().meta({ description: 'bytes' }),
  lastModified: z.string().meta({ description: 'date-time' }),
  owningAgent: owner,
  owningInteractionPlan: owner,
  properties: z.json(),
});
export type ContentFile = z.output<typeof contentFileSchema>;

export const interactionAnswer = z.looseObject({
  guid: z.string().meta({ description: "Vonage's GUID, else the uuid of the conversation" }),
  start: z.string().meta({ description: 'date-time, UTC' }),
  connectFrom: z.string().nullable(),
  connectTo: z.string().nullable(),
  direction: z.enum(['inbound', 'outbound', 'internal', 'unknown']),
  handlingAgents: z.array(z.object({ id: z.string() })),
  content: z.array(contentFileSchema),
});
export type InteractionAnswer = z.output<typeof interactionAnswer>;

export const interactionPage = z.object({
  items: z.array(interactionAnswer),
  meta: z.object({ nextContinuationToken: z.string().nullable() }),
});

const seconds = z.number().optional();
const percent = z.number();

const sentimentSummary = z.looseObject({
  overallSentiment: z.number().or(z.json()).optional(),
  categories: z
    .object({ veryNegative: percent, negative: percent, neutral: percent, positive: percent, veryPositive: percent })
    .or(z.json())
    .optional(),
  distributionOverTime: z
    .array(z.object({ score: z.number(), span: z.object({ start: percent, end: percent }) }))
    .or(z.json())
    .optional(),
});

const categoryGroup = z.object({
  category: z.string().nullable(),
  categories: z
    .array(z.object({ name: z.string(), matches: z.string().optional().meta({ description: 'a number as text' }) }))
    .optional(),
  subcategories: z.array(z.string()).optional().meta({ description: 'in version 1, in place of `categories`' }),
});

export const analysisAnswer = z.looseObject({
  guid: z.string().meta({ description: 'as it was asked for' }),
  status: z.enum(['processing', 'processed', 'failed']),
  language: z.string().nullable().optional().meta({ description: 'in version 3' }),
  confidence: z.string().nullable().optional(),
  categories: z.array(categoryGroup).optional(),
  callTimeBreakDown: z
    .object({ agent: seconds, customer: seconds, silence: seconds, crossTalk: seconds })
    .nullable()
    .optional()
    .meta({ description: 'seconds' }),
  transcript: z.string().nullable().meta({ description: 'a line each turn; null unless `transcript=true`' }),
  sentimentSummary: sentimentSummary.optional(),
});
export type AnalysisAnswer = z.output<typeof analysisAnswer>;

export const analysesAnswer = z.array(analysisAnswer);

/** The content file `transcript` of a conversation that has no files: Vonage publishes no schema of its own. */
export const transcriptFile = z.object({
  guid: z.string(),
  language: z.string().nullable(),
  phrases: z.array(
    z.object({
      speaker: z.string(),
      start: z.number().optional().meta({ description: 'seconds' }),
      end: z.number().optional().meta({ description: 'seconds' }),
      text: z.string(),
      sentiment: z.string().optional(),
      intent: z.string().optional(),
    }),
  ),
});

/** The content file `interactionLog` of a conversation that has no files. */
export const interactionLogFile = z.object({
  guid: z.string(),
  provider: z.string(),
  channel: z.string(),
  direction: z.string(),
  status: z.string(),
  title: z.string().nullable(),
  language: z.string().nullable(),
  start: z.string(),
  end: z.string().nullable(),
  durationSeconds: z.number().nullable(),
  participants: z.array(
    z.object({
      id: z.string().nullable(),
      role: z.string(),
      name: z.string().nullable(),
      phone: z.string().nullable(),
      email: z.string().nullable(),
    }),
  ),
});

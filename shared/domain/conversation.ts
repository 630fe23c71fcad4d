import * as z from 'zod';
import { artifactSchema, storedArtifactSchema } from './artifact.ts';
import { mediaSchema, storedFileSchema, storedMediaSchema } from './media.ts';
import { participantSchema } from './participant.ts';
import type { Transcript } from './transcript.ts';

export const channels = ['voice', 'chat', 'sms', 'meeting', 'digital', 'unknown'] as const;
export const directions = ['inbound', 'outbound', 'internal', 'unknown'] as const;
export const statuses = ['inProgress', 'completed', 'missed', 'busy', 'failed', 'canceled', 'unknown'] as const;
export const providerNames = ['vonage', 'talkdesk', 'salesloft', 'magpipe', 'earshot'] as const;
export type ProviderName = (typeof providerNames)[number];

const instant = z.iso.datetime({ precision: 3 });

/** A number only where the provider gives one; its label as given; its original kept. */
export const sentimentSchema = z.object({
  score: z.number().min(-1).max(1).nullable(),
  label: z.string().nullable(),
  distribution: z
    .object({
      veryNegative: z.number(),
      negative: z.number(),
      neutral: z.number(),
      positive: z.number(),
      veryPositive: z.number(),
    })
    .nullable(),
  overTime: z.array(z.object({ startPercent: z.number(), endPercent: z.number(), score: z.number() })).nullable(),
  original: z.json(),
});

/** What a provider said of a conversation, in our words: the fields that any of its answers may bring. */
export const contentSchema = z.object({
  channel: z.enum(channels),
  direction: z.enum(directions),
  status: z.enum(statuses),
  title: z.string().nullable(),
  language: z.string().nullable(),
  startedAt: instant.nullable(),
  endedAt: instant.nullable(),
  durationMs: z.int().nonnegative().nullable(),
  providerCreatedAt: z.string().nullable(),
  providerUpdatedAt: z.string().nullable(),
  participants: z.array(participantSchema),
  sentiment: sentimentSchema.nullable(),
  categories: z.array(z.object({ group: z.string().nullable(), name: z.string(), matches: z.int().nullable() })),
  talkTime: z
    .object({
      agentMs: z.int().nullable(),
      customerMs: z.int().nullable(),
      silenceMs: z.int().nullable(),
      crossTalkMs: z.int().nullable(),
    })
    .nullable(),
  summary: z.string().nullable(),
  metadata: z.record(z.string(), z.json()),
});
export type Content = z.infer<typeof contentSchema>;

/** Which conversation it is; the same for ever. */
export const identitySchema = z.object({
  id: z.string(),
  uuid: z.string(),
  provider: z.enum(providerNames),
  connection: z.string(),
  externalId: z.string(),
});
export type Identity = z.infer<typeof identitySchema>;

/** A stored conversation without its transcript, which stands beside it. */
export const storedConversationSchema = z.object({
  ...identitySchema.shape,
  ...contentSchema.shape,
  version: z.int().positive(),
  source: z.enum(['present', 'missing']),
  /** when the request that brought this version was sent, by our clock */
  observedAt: instant,
  /** when this version was written; greater than its predecessor's */
  updatedAt: instant,
  /** when the conversation was first seen: the origin of `recheck` */
  firstSeenAt: instant,
  /** the provider's stamp as sortable text (`instantOrder`), or null where it gives none */
  stamp: z.string().nullable(),
  /** the version in which everything promised was first dealt with, or null: makes `completed` fire once */
  completedVersion: z.int().positive().nullable(),
  artifacts: z.record(z.string(), storedArtifactSchema),
  /** files whose bytes are ours; version 1 of the layout was written without */
  media: z.array(storedMediaSchema).default([]),
  /** files that the provider says it has, copied or not */
  files: z.array(storedFileSchema).default([]),
});
export type StoredConversation = z.infer<typeof storedConversationSchema>;

/** A stored conversation with what was said in it. */
export type StoredRecord = { conversation: StoredConversation; transcript: Transcript | null };

/** A conversation as `/v1` shows it (design.md section 4). */
export const conversationSchema = z.object({
  ...identitySchema.shape,
  version: z.int().positive(),
  source: z.enum(['present', 'missing']),
  ...contentSchema.omit({ summary: true }).shape,
  observedAt: instant,
  updatedAt: instant,
  artifacts: z.record(z.string(), artifactSchema),
  summary: z
    .string()
    .nullable()
    .optional()
    .meta({ description: 'left out without the scope interaction-content:read' }),
  media: z.array(z.object({ ...mediaSchema.shape, href: z.string() })),
});
export type Conversation = z.infer<typeof conversationSchema>;

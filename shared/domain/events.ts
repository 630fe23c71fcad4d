import * as z from 'zod';
import { eventSource, eventTypes } from '#shared/facts/events.ts';
import { artifactStates } from './artifact.ts';
import { channels, directions, providerNames } from './conversation.ts';

/** What an event says of a conversation: states and links, no personal data, a few KB at most. */
export const conversationDataSchema = z.object({
  conversationId: z.string(),
  uuid: z.string(),
  connection: z.string(),
  provider: z.enum(providerNames),
  channel: z.enum(channels),
  direction: z.enum(directions),
  startedAt: z.string().nullable(),
  version: z.int().positive(),
  changed: z.array(z.string()),
  artifacts: z.record(z.string(), z.enum(artifactStates)),
  artifact: z.string().optional(),
  href: z.string(),
});

/** A CloudEvents 1.0 event in its JSON form. */
export const conversationEventSchema = z.object({
  specversion: z.literal('1.0'),
  id: z.string().meta({ description: '<conversation id>/<version>/<type>[/<artifact>]: the same for every repeat' }),
  source: z.literal(eventSource),
  type: z.enum(Object.values(eventTypes)),
  subject: z.string(),
  time: z.iso.datetime(),
  datacontenttype: z.literal('application/json'),
  data: conversationDataSchema,
});
export type ConversationEvent = z.infer<typeof conversationEventSchema>;

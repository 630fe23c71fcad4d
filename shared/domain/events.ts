import * as z from 'zod';
import { eventTypes } from '#shared/facts/events.ts';
import { artifactStates } from './artifact.ts';
import { channels, directions, providerNames } from './conversation.ts';
import { eventSchemaOf } from './event-envelope.ts';

const link = (of: string) => z.string().meta({ description: `path of the ${of} in the lookup API` });

/** What an event says of a conversation: states and links, no personal data. */
const conversationData = z.object({
  conversationId: z.string(),
  uuid: z.string(),
  connection: z.string(),
  provider: z.enum(providerNames),
  channel: z.enum(channels),
  direction: z.enum(directions),
  startedAt: z.string().nullable(),
  version: z.int().positive().meta({ description: 'order the events of a conversation by it' }),
  changed: z.array(z.string()).meta({ description: 'fields and artifact kinds that this version changed' }),
  artifacts: z.record(z.string(), z.enum(artifactStates)).meta({ description: 'state by kind' }),
  truncated: z
    .strictObject({ changed: z.int().nonnegative(), artifacts: z.int().nonnegative() })
    .optional()
    .meta({ description: 'how many entries the two lists lack: there were more than an event holds' }),
  href: link('conversation'),
});
export type ConversationData = z.infer<typeof conversationData>;

const artifactData = conversationData.extend({
  artifact: z.string().meta({ description: 'the artifact that it is about' }),
});

const ofConversation = {
  id: '<conversation id>/<version>/<type>',
  subject: 'id of the conversation',
};
const ofArtifact = { ...ofConversation, id: `${ofConversation.id}/<artifact>` };

/** What the events of a connection and of its parts have in common. */
const connectionFacts = { connection: z.string(), provider: z.enum(providerNames), href: link('connection') };

const healthData = z.object({
  ...connectionFacts,
  stream: z.string().meta({ description: 'the kind of record whose reading changed' }),
  change: z.int().positive().meta({ description: 'counts the changes of state: order by it' }),
});

const ofConnection = { id: '<connection>/<change>/<type>', subject: 'id of the connection' };

const windowData = z.object({
  ...connectionFacts,
  hour: z.iso.datetime().meta({ description: 'the beginning of the hour, by the stamp that the provider lists by' }),
  reading: z.int().positive().meta({ description: 'which reading of the hour it was: order by it' }),
  listed: z.int().nonnegative().meta({ description: 'conversations that the provider listed' }),
  stored: z.int().nonnegative().meta({ description: 'of these, the ones that are stored' }),
});

const ofWindow = { id: '<connection>/<hour>/<reading>/<type>', subject: '<connection>/<hour>' };

const events = {
  discovered: eventSchemaOf(eventTypes.discovered, conversationData, {
    ...ofConversation,
    title: 'Conversation discovered',
    description: 'A conversation was stored for the first time.',
  }),
  updated: eventSchemaOf(eventTypes.updated, conversationData, {
    ...ofConversation,
    title: 'Conversation updated',
    description: 'A later version of a conversation was stored.',
  }),
  transcriptReady: eventSchemaOf(eventTypes.transcriptReady, conversationData, {
    ...ofConversation,
    title: 'Transcript ready',
    description: 'The transcript of a conversation is there.',
  }),
  mediaStored: eventSchemaOf(eventTypes.mediaStored, artifactData, {
    ...ofArtifact,
    title: 'Media stored',
    description: 'The bytes of one of its files are ours.',
  }),
  artifactOverdue: eventSchemaOf(eventTypes.artifactOverdue, artifactData, {
    ...ofArtifact,
    title: 'Artifact overdue',
    description: 'A part that the account delivers has not come in its time. It is asked for on.',
  }),
  completed: eventSchemaOf(eventTypes.completed, conversationData, {
    ...ofConversation,
    title: 'Conversation completed',
    description: 'The conversation is over and every part that was promised is dealt with. Sent once.',
  }),
  erased: eventSchemaOf(eventTypes.erased, conversationData, {
    ...ofConversation,
    title: 'Conversation erased',
    description: 'A conversation was erased: delete what you hold of it. Beside its ids nothing of it is left to tell.',
  }),
  degraded: eventSchemaOf(
    eventTypes.degraded,
    healthData.extend({
      code: z.string().meta({ description: 'code of the error, as the connection shows it' }),
      failures: z.int().positive().meta({ description: 'failed runs in a row' }),
    }),
    { ...ofConnection, title: 'Connection degraded', description: 'A connection is not being read any more.' },
  ),
  recovered: eventSchemaOf(eventTypes.recovered, healthData, {
    ...ofConnection,
    title: 'Connection recovered',
    description: 'A degraded connection is being read again.',
  }),
  windowVerified: eventSchemaOf(eventTypes.windowVerified, windowData, {
    ...ofWindow,
    title: 'Window verified',
    description: 'A later reading of an hour found everything stored that the provider lists.',
  }),
  windowGap: eventSchemaOf(
    eventTypes.windowGap,
    windowData.extend({
      missing: z.int().positive().meta({ description: 'conversations that are listed and not stored' }),
      missingIds: z.array(z.string()).meta({ description: 'their ids at the provider, as many as an event holds' }),
    }),
    {
      ...ofWindow,
      title: 'Window gap',
      description: 'A later reading of an hour found conversations that are missing.',
    },
  ),
  drift: eventSchemaOf(
    eventTypes.drift,
    z.object({
      ...connectionFacts,
      field: z.string().meta({
        description:
          'path of the field in what was read; `deprecation=` or `warning=` and an address where a header announced it',
      }),
    }),
    {
      id: '<connection>/<field path>/1/<type>',
      subject: '<connection>/<field path>',
      title: 'Provider drift',
      description:
        'A provider sent a field or a value that Earshot does not know yet, or announced that an address will be gone. Told once each.',
    },
  ),
} as const;

/** The schema of each type of event, by its short name. */
export const eventSchemas = events;

/** Any event that can stand on the bus. */
export const earshotEventSchema = z.discriminatedUnion('type', [
  events.discovered,
  events.updated,
  events.transcriptReady,
  events.mediaStored,
  events.artifactOverdue,
  events.completed,
  events.erased,
  events.degraded,
  events.recovered,
  events.windowVerified,
  events.windowGap,
  events.drift,
]);
export type EarshotEvent = z.infer<typeof earshotEventSchema>;

/** Any event of a conversation. */
export type ConversationEvent = Extract<EarshotEvent, { data: ConversationData }>;

import * as z from 'zod';

/**
 * What we write in Talkdesk's shape (docs.talkdesk.com/reference/retrieve-all-interactions and callsidrecordings). Fields
 * beside these are those that Talkdesk sent and nobody knew.
 */

const stamp = z.string().meta({ description: 'date-time with microseconds' });

export const messageAnswer = z.object({
  message_id: z.string(),
  text: z.string(),
  channel: z.enum(['VOICE', 'WEBCHAT', 'CHAT', 'SMS', 'DIGITAL_CONNECT']).optional(),
  participant: z.enum(['agent', 'customer', 'bot', 'unknown']),
  source_system: z
    .enum(['STT', 'DCE', 'VA'])
    .optional()
    .meta({ description: 'speech-to-text, digital channels, virtual agent' }),
  sentiment: z.string().optional().meta({ description: "the provider's label, as given" }),
  start_time: z.number().optional().meta({ description: 'seconds' }),
  end_time: z.number().optional().meta({ description: 'seconds' }),
  intent: z.string().optional(),
  recording_id: z.string().optional(),
  recording_index: z.number().optional(),
  message_index: z.int().nonnegative(),
  message_start_at: stamp.optional(),
  agent_id: z.string().optional(),
  agent_name: z.string().optional().meta({ description: 'of a virtual agent' }),
});
export type MessageAnswer = z.output<typeof messageAnswer>;

export const interactionAnswer = z.looseObject({
  id: z.string().meta({ description: "Talkdesk's id, else the uuid of the conversation" }),
  customer_id: z.string().nullable(),
  started_at: stamp,
  ended_at: stamp.nullable().meta({ description: 'null where it goes on, or where nobody knows' }),
  direction: z.enum(['inbound', 'outbound', 'internal', 'unknown']),
  ring_groups: z.array(z.json()),
  queues: z.array(z.json()).optional(),
  messages: z.array(messageAnswer),
  agents: z.array(z.object({ id: z.string(), name: z.string().optional() })),
});
export type InteractionAnswer = z.output<typeof interactionAnswer>;

const link = z.object({ href: z.string() });

export const interactionPage = z.object({
  _embedded: z.object({ interactions: z.array(interactionAnswer) }),
  _links: z.object({ next: link.optional() }).meta({ description: 'without `next` on the last page' }),
});

const channel = z.array(z.object({ participant_type: z.enum(['AGENT', 'CONTACT']), participant_id: z.string() }));

const recordingFields = z.object({
  id: z.string(),
  call_id: z.string(),
  created_at: z.string().meta({ description: 'date-time' }),
  index: z.number(),
  duration: z.number().optional().meta({ description: 'seconds' }),
  type: z.string(),
  agents: z.object({ channel_1: channel, channel_2: channel }),
});
export type RecordingFields = z.output<typeof recordingFields>;

const recordingLinks = z.object({ self: link, media: link });

export const recordingsAnswer = z.object({
  total: z.int(),
  count: z.int(),
  page: z.int(),
  per_page: z.int(),
  _embedded: z.object({ recordings: z.array(recordingFields.extend({ _links: recordingLinks })) }),
  _links: z.object({ self: link, page: z.object({ href: z.string(), templated: z.boolean() }) }),
});

export const recordingAnswer = z.object({ recording: recordingFields, _links: recordingLinks });

export const mediaLinkAnswer = z.object({ _links: z.object({ self: link, file: link }) });

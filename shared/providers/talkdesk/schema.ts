import * as z from 'zod';
import { externalId, externalIdExpected, idText, instantExpected, instantText, list, text } from '../field-schemas.ts';
import { type Flat, type FlatFields, flatReader } from '../read-flat.ts';

/**
 * What Talkdesk sends (docs.talkdesk.com/reference/retrieve-all-interactions). Where that page and the public OpenAPI
 * differ (queues, recording ids, agent names), both are accepted.
 */

/** Blank text says nothing: an interaction that goes on has no end. */
const ended = z.union([instantText, z.string().regex(/^\s*$/)]).nullish();

export const interactionSchema = z.compile(
  z.object({
    id: externalId,
    started_at: instantText,
    ended_at: ended,
    customer_id: idText,
    direction: text,
    ring_groups: list,
    queues: list,
    messages: list,
    agents: list,
  }),
);
export type Interaction = z.output<typeof interactionSchema>;

export const interactionEssentials = {
  id: externalIdExpected,
  started_at: instantExpected,
  ended_at: instantExpected,
} as const;

/** Which interaction it is, and no more. */
export const identitySchema = z.compile(z.object({ id: externalId }));

/** `start_time` and `end_time` are seconds into the audio; the index is its recording's. */
const messageFields = {
  message_id: 'unread',
  text: 'text',
  channel: 'text',
  participant: 'text',
  source_system: 'text',
  sentiment: 'text',
  start_time: 'number',
  end_time: 'number',
  intent: 'text',
  intent_confidence_score: 'unread',
  intent_is_fallback: 'unread',
  transcription_type: 'unread',
  recording_id: 'id',
  recording_index: 'number',
  message_index: 'number',
  message_start_at: 'text',
  agent_id: 'id',
  agent_name: 'text',
} as const satisfies FlatFields;
export type Message = Flat<typeof messageFields>;

export const readMessages = flatReader(messageFields, 'messages[]');

export const agentSchema = z.compile(z.object({ id: idText, name: text }));

/** HAL: records in `_embedded`, the way on in `_links`; the seed's page shows `next` as text in one place. */
export const pageSchema = z.object({
  _embedded: z.object({ interactions: z.array(z.unknown()) }),
  _links: z.object({ next: z.union([z.string(), z.object({ href: z.string().nullish() })]).nullish() }).nullish(),
});

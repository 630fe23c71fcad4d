import * as z from 'zod';
import {
  anything,
  externalId,
  externalIdExpected,
  flag,
  idText,
  instantExpected,
  instantText,
  list,
  number,
  text,
} from '../field-schemas.ts';

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
export const messageSchema = z.compile(
  z.object({
    message_id: anything,
    text,
    channel: text,
    participant: text,
    source_system: text,
    sentiment: text,
    start_time: number,
    end_time: number,
    intent: text,
    intent_confidence_score: number,
    intent_is_fallback: flag,
    transcription_type: text,
    recording_id: idText,
    recording_index: number,
    message_index: number,
    message_start_at: text,
    agent_id: idText,
    agent_name: text,
  }),
);
export type Message = z.output<typeof messageSchema>;

export const agentSchema = z.compile(z.object({ id: idText, name: text }));

/** HAL: records in `_embedded`, the way on in `_links`; the seed's page shows `next` as text in one place. */
export const pageSchema = z.object({
  _embedded: z.object({ interactions: z.array(z.unknown()) }),
  _links: z.object({ next: z.union([z.string(), z.object({ href: z.string().nullish() })]).nullish() }).nullish(),
});

import * as z from 'zod';

/**
 * What our Salesloft dialect answers, field by field as Salesloft does (developers.salesloft.com/docs/api). A number or
 * an instant that a conversation of another provider lacks is left out or null, where Salesloft would always have one.
 */

const reference = z.object({ id: z.string(), _href: z.string() });
const nullableReference = reference.nullable();
const instant = z.string().meta({ description: 'ISO 8601, to the microsecond where known' });

const fields = {
  id: z.string().meta({ description: "Salesloft's own id, or the uuid of a conversation of another provider" }),
  duration: z.int().nonnegative().optional().meta({ description: 'milliseconds; left out where not known' }),
  is_api: z.boolean().nullable(),
  platform: z.string().nullable().meta({ description: '`external_audio` for conversations of other providers' }),
  media_type: z.string().nullable().meta({ description: 'audio or video' }),
  organization_id: z.string().nullable(),
  title: z.string().meta({ description: 'empty where it has none' }),
  owner_id: z.string().nullable(),
  user_guid: z.string().nullable(),
  started_recording_at: z.number().optional().meta({ description: 'milliseconds; left out where not known' }),
  event_start_date: instant.nullable(),
  event_end_date: instant.nullable(),
  language_code: z.string().meta({ description: 'empty where it is not known' }),
  created_at: instant,
  updated_at: instant,
  call_id: z.string().nullable(),
  account: nullableReference,
  person: nullableReference,
  recording: nullableReference.meta({ description: 'null until there is a recording to be had' }),
  transcription: nullableReference.meta({ description: 'null until the transcript is ready' }),
  transcription_sentences: nullableReference,
  transcription_artifact: nullableReference,
};

/** Fields beyond the known ones are those that Salesloft sent of its own conversations and we have no name for. */
export const conversationSchema = z.object(fields).catchall(z.json());
export type WireConversation = z.infer<typeof conversationSchema>;

const nullableText = z.string().nullable();

export const extensiveSchema = z
  .object({
    ...fields,
    owner_email: z.string(),
    opportunity: nullableReference,
    attendees: z.array(
      z.object({ id: nullableText, full_name: z.string(), email: z.string(), is_internal: z.boolean() }),
    ),
    invitees: z.array(z.object({ full_name: z.string(), email: z.string() })),
    summary: z
      .object({ id: nullableText, text: nullableText, status: nullableText, created_at: nullableText })
      .nullable()
      .optional()
      .meta({ description: 'left out without the scope interaction-content:read; null while it may still come' }),
    action_items: z
      .object({
        status: nullableText,
        items: z.array(
          z.object({
            id: nullableText,
            original_text: nullableText,
            edited_text: nullableText,
            created_at: nullableText,
            updated_at: nullableText,
          }),
        ),
      })
      .nullable(),
    key_moments: z
      .object({ status: nullableText, items: z.array(z.object({ name: nullableText, categories: z.json() })) })
      .nullable(),
    meddpicc: z.object({ id: nullableText, categories: z.json() }).nullable(),
  })
  .catchall(z.json());
export type WireExtensive = z.infer<typeof extensiveSchema>;

export const recordingSchema = z.object({
  id: z.string(),
  url: z.string().meta({ description: 'needs no header; good for an hour' }),
});

export const transcriptionSchema = z.object({
  id: z.string(),
  language_code: z.string(),
  created_at: instant,
  updated_at: instant,
  conversation: reference,
  transcription_sentences: reference,
  transcription_artifact: nullableReference,
});
export type WireTranscription = z.infer<typeof transcriptionSchema>;

export const artifactSchema = z.object({
  id: z.string(),
  language_code: z.string(),
  url: z.string().meta({ description: 'needs no header; good for an hour' }),
  content_type: z.string(),
  created_at: instant,
  updated_at: instant,
  conversation: reference,
});

export const sentenceSchema = z.object({
  id: z.string().meta({ description: "the transcription's id, the same on every row" }),
  start_time: z.number().optional().meta({ description: 'seconds; left out where not known' }),
  end_time: z.number().optional().meta({ description: 'seconds; left out where not known' }),
  order_number: z.int().positive(),
  recording_attendee_id: nullableText,
  text: z.string(),
  conversation: reference,
});
export type WireSentence = z.infer<typeof sentenceSchema>;

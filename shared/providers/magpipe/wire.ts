import * as z from 'zod';

/**
 * What our Magpipe dialect answers (docs.magpipe.ai/api-reference/endpoints/get-call, list-calls, get-recording). What a
 * call lacks is null, as Magpipe's own database columns are.
 */

const nullableText = z.string().nullable();
const instant = z.string().meta({ description: 'ISO 8601' });

const rowFields = {
  id: z.string().meta({ description: "Magpipe's own id, or the uuid of a conversation of another provider" }),
  agent_id: nullableText,
  agent_name: z.string().optional(),
  from_number: nullableText,
  to_number: nullableText,
  direction: z.enum(['inbound', 'outbound']).nullable(),
  status: z.enum(['completed', 'busy', 'no-answer', 'failed', 'canceled', 'in-progress', 'unknown']),
  duration: z.number().nonnegative().nullable().meta({ description: 'seconds' }),
  sentiment: nullableText,
  call_summary: nullableText.meta({ description: 'null without the scope interaction-content:read' }),
  started_at: instant.nullable(),
  ended_at: instant.nullable(),
  created_at: instant,
};

export const rowSchema = z.object(rowFields);
export type WireRow = z.infer<typeof rowSchema>;

const segmentSchema = z.object({
  speaker: z.enum(['agent', 'caller', 'unknown']),
  text: z.string(),
  start_time: z.number().optional().meta({ description: 'seconds; left out where not known' }),
  end_time: z.number().optional().meta({ description: 'seconds; left out where not known' }),
});
export type WireSegment = z.infer<typeof segmentSchema>;

/** Fields beyond the known ones are those that Magpipe sent of its own calls and we have no name for. */
export const callSchema = z
  .object({
    ...rowFields,
    recording_url: nullableText.meta({ description: 'needs no header; good for an hour' }),
    transcript: nullableText.meta({ description: 'null without the scope interaction-content:read' }),
    transcript_segments: z
      .array(segmentSchema)
      .optional()
      .meta({ description: 'left out where no time of any turn is known' }),
    metadata: z.record(z.string(), z.json()).nullable(),
  })
  .catchall(z.json());
export type WireCall = z.infer<typeof callSchema>;

export const pageSchema = z.object({
  calls: z.array(rowSchema),
  total: z.int().nonnegative(),
  has_more: z.boolean(),
});

export const recordingSchema = z.object({ recording_url: z.string(), expires_at: instant });

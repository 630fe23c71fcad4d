import * as z from 'zod';
import { anything, externalId, externalIdExpected, idText, list, number, text } from '../field-schemas.ts';
import { type FlatFields, flatReader } from '../read-flat.ts';

/**
 * What Magpipe sends (docs.magpipe.ai/api-reference/endpoints/get-call and list-calls). Its server copies database
 * columns without defaults, so anything but the id may be null.
 */

/** A row of the list. `duration` is whole seconds. */
export const rowSchema = z.compile(
  z.object({
    id: externalId,
    agent_id: idText,
    agent_name: text,
    from_number: text,
    to_number: text,
    direction: text,
    status: text,
    duration: number,
    sentiment: text,
    call_summary: text,
    started_at: text,
    ended_at: text,
    created_at: text,
  }),
);
export type Row = z.output<typeof rowSchema>;

/** The call: a row's fields, and these. `recording_url` is a link of one hour with a token in it. */
export const callSchema = z.compile(
  z.object({
    ...rowSchema.shape,
    recording_url: text,
    transcript: text,
    transcript_segments: list,
    metadata: anything,
  }),
);
export type Call = z.output<typeof callSchema>;

export const essentials = { id: externalIdExpected } as const;

/** Which call it is, and no more. */
export const identitySchema = z.compile(z.object({ id: externalId }));

/** Where a row stands in the list, and no more: an odd row must not stop the walk. */
export const placeSchema = z.compile(z.object({ created_at: z.string() }));

/** Times are seconds from the start, with fractions. */
const segmentFields = {
  speaker: 'text',
  text: 'text',
  start_time: 'number',
  end_time: 'number',
} as const satisfies FlatFields;

export const readSegments = flatReader(segmentFields, 'call.transcript_segments[]');

/** Why the call was not given; becomes the reason of its artifacts. */
const refusal = z.enum(['permissionMissing', 'notFound']);
export type Refusal = z.output<typeof refusal>;

/** The further answer about one row, as `fetchDetail` leaves it. */
export const detailSchema = z.object({ call: z.unknown().optional(), refused: refusal.optional() });

/** The list's answer. `total` counts all rows that match the filters. */
export const pageSchema = z.object({
  calls: z.array(z.unknown()),
  total: z.int().nonnegative().nullish().catch(null),
  has_more: z.boolean().nullish().catch(null),
});

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

/** What Salesloft sends (developers.salesloft.com/docs/api/conversations-find-all). Fields that are not read stand as `anything`. */

const reference = z.strictObject({ id: idText, _href: anything }).nullish();

const rowFields = {
  duration: number,
  is_api: flag,
  platform: text,
  media_type: text,
  organization_id: idText,
  title: text,
  owner_id: idText,
  user_guid: idText,
  started_recording_at: number,
  event_start_date: text,
  event_end_date: text,
  language_code: text,
  call_id: idText,
  account: reference,
  person: reference,
  recording: reference,
  transcription: reference,
  transcription_sentences: reference,
  transcription_artifact: reference,
};

/** Without these a row is nothing. */
export const essentialsSchema = z.object({
  id: externalId,
  updated_at: instantText,
  created_at: instantText.nullish(),
});

/** A row of the list. */
export const rowSchema = z.compile(z.object({ ...rowFields, ...essentialsSchema.shape }));

export const rowEssentials = {
  id: externalIdExpected,
  updated_at: instantExpected,
  created_at: instantExpected,
} as const;

/** `/extensive`: the fields of a row, and these. Copies of it leave out fields of the row, so none is relied on. */
export const extensiveSchema = z.compile(
  z.object({
    ...rowFields,
    id: text,
    updated_at: text,
    created_at: text,
    owner_email: text,
    opportunity: reference,
    attendees: list,
    invitees: list,
    summary: z.strictObject({ id: idText, text, status: text, created_at: text }).nullish(),
    action_items: z.strictObject({ id: idText, status: text, items: list }).nullish(),
    key_moments: z.strictObject({ id: idText, status: text, items: list }).nullish(),
    meddpicc: z.strictObject({ id: idText, status: text, categories: anything }).nullish(),
  }),
);

/** `email` can be empty or junk such as "na". */
export const attendeeSchema = z.compile(z.object({ id: idText, full_name: text, email: text, is_internal: flag }));
export const inviteeSchema = z.compile(z.object({ id: idText, full_name: text, email: text }));

export const actionItemSchema = z.compile(
  z.object({
    id: idText,
    original_text: text,
    edited_text: text,
    created_at: text,
    updated_at: text,
  }),
);
export const keyMomentSchema = z.compile(z.object({ id: idText, name: text, categories: anything }));

/** `id` is the transcription's, the same on every row. Times are seconds with fractions. */
export const sentenceSchema = z.compile(
  z.object({
    id: anything,
    start_time: number,
    end_time: number,
    order_number: number,
    recording_attendee_id: idText,
    text,
    conversation: anything,
  }),
);

/** What the request plan needs of a row, and no more: an odd row must not stop the walk. */
export const stampedSchema = z.compile(z.object({ id: externalId, updated_at: anything }));

/** Why a further answer was not given; becomes the artifact's reason. */
const refusal = z.enum(['permissionMissing', 'notFound']).optional();
export type Refusal = NonNullable<z.output<typeof refusal>>;

/** Further answers about one row, as `fetchDetail` leaves them. */
export const detailSchema = z.object({
  extensive: z.unknown().optional(),
  sentences: z.array(z.unknown()).optional(),
  refused: z.object({ extensive: refusal, sentences: refusal }).optional(),
});

export type Row = z.output<typeof rowSchema>;
export type Extensive = z.output<typeof extensiveSchema>;

const pagingSchema = z
  .object({
    per_page: z.int().positive().nullish().catch(null),
    current_page: z.int().positive().nullish().catch(null),
    next_page: z.unknown(),
    total_pages: z.int().nonnegative().nullish().catch(null),
  })
  .partial();

/** `{"metadata": {...}, "data": [...]}`. */
export const listSchema = z.object({
  metadata: z
    .object({ paging: pagingSchema.nullish().catch(null) })
    .nullish()
    .catch(null),
  data: z.array(z.unknown()),
});

export const oneSchema = z.object({ data: z.looseObject({}) });

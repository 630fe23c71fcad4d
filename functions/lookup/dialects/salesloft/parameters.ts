import * as z from 'zod';
import { stampParameter } from '../stamp-parameter.ts';
import type { StampBounds } from '../walk-plan.ts';

/** The parameters of the lists (developers.salesloft.com/docs/api/conversations-find-all). */

const languageCodes =
  'en-AU en-AB en-GB en-IN en-IE en-NZ en-ZA en-US en-WL es-ES es-US nl-NL it-IT fr-FR fr-CA de-DE de-CH'.split(' ');
const platforms =
  'bluejeans gotomeeting joinme manual_upload ms_teams salesloft uberconference webex zoom google_meet external_audio'.split(
    ' ',
  );

const wholeNumber = z
  .string()
  .regex(/^\d{1,15}$/)
  .transform(Number)
  .meta({ description: 'milliseconds' });

type RangeNames<F extends string> = `${F}[${'gt' | 'gte' | 'lt' | 'lte'}]`;

// The names are put together here and in the type alike.
const range = <F extends string, S extends z.ZodType>(field: F, schema: S) =>
  Object.fromEntries(
    ['gt', 'gte', 'lt', 'lte'].map((operator) => [`${field}[${operator}]`, schema.optional()]),
  ) as Record<RangeNames<F>, z.ZodOptional<S>>;

const listOf = (element: z.ZodString) =>
  z
    .string()
    .transform((text) => text.split(','))
    .pipe(z.array(element))
    .optional()
    .meta({ description: 'several divided by commas, or the name with `[]` repeated' });

const uuids = listOf(z.string().regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i));
const anyIds = listOf(z.string().min(1).max(512));

/** A bad value quietly becomes the default, which the answer's metadata shows. */
const paging = {
  per_page: quiet(25, (text) => /^([1-9]\d?|100)$/.test(text)).meta({ description: '1 to 100, else 25' }),
  page: quiet(1, (text) => /^[1-9]\d{0,8}$/.test(text)).meta({ description: '1 or more, else 1' }),
  include_paging_counts: z
    .string()
    .catch('false')
    .transform((text) => text === 'true')
    .meta({ description: '`true` adds `total_pages` and `total_count`' }),
};

function quiet(otherwise: number, isGood: (text: string) => boolean) {
  return z
    .string()
    .catch(String(otherwise))
    .transform((text) => (isGood(text) ? Number(text) : otherwise));
}

const direction = z
  .string()
  .toLowerCase()
  .pipe(z.enum(['asc', 'desc']))
  .default('desc')
  .meta({ description: 'in either letter case' });

export const pagedQuery = z.object(paging);
export type Paging = z.infer<typeof pagedQuery>;

export const conversationsQuery = z.object({
  title: z.string().min(1).optional(),
  'title[_starts_with]': z.string().min(3).optional().meta({ description: 'ignores case; at least 3 characters' }),
  ...range('created_at', stampParameter),
  ...range('updated_at', stampParameter),
  ...range('duration', wholeNumber),
  language_code: z.enum(languageCodes).optional(),
  platform: z.enum(platforms).optional(),
  owner_ids: uuids,
  user_guids: uuids,
  ids: uuids,
  account_ids: anyIds,
  person_ids: anyIds,
  is_api: z.enum(['true', 'false']).optional(),
  media_type: z.enum(['audio', 'video']).optional(),
  sort_by: z.enum(['created_at', 'updated_at', 'duration']).default('created_at'),
  sort_direction: direction,
  ...paging,
});
export type ConversationsQuery = z.infer<typeof conversationsQuery>;

export const transcriptionsQuery = z.object({
  ...range('created_at', stampParameter),
  ...range('updated_at', stampParameter),
  language_code: z.enum(languageCodes).optional(),
  ids: uuids,
  sort_by: z.enum(['created_at', 'updated_at']).default('created_at'),
  sort_direction: direction,
  ...paging,
});
export type TranscriptionsQuery = z.infer<typeof transcriptionsQuery>;

export const listNames = ['owner_ids', 'user_guids', 'ids', 'account_ids', 'person_ids'] as const;

type Stamped = Partial<Record<RangeNames<'created_at' | 'updated_at'>, string | undefined>>;

export const boundsOf = (query: Stamped, field: 'created_at' | 'updated_at'): StampBounds => ({
  gt: query[`${field}[gt]`],
  gte: query[`${field}[gte]`],
  lt: query[`${field}[lt]`],
  lte: query[`${field}[lte]`],
});

import * as z from 'zod';
import { artifactStates } from '#shared/domain/artifact.ts';
import { contentSchema } from '#shared/domain/conversation.ts';
import { mediaSchema } from '#shared/domain/media.ts';
import {
  anything,
  externalId,
  externalIdExpected,
  instantExpected,
  instantText,
  list,
  text,
} from '../field-schemas.ts';

/** A record as another Earshot's `/v1/conversations` shows it (design.md section 4). */

/** Each is read by its own schema, so that a bad one takes no other along. */
const contentFields = Object.fromEntries(Object.keys(contentSchema.shape).map((name) => [name, anything])) as Record<
  keyof typeof contentSchema.shape,
  typeof anything
>;

export const recordSchema = z.object({
  ...contentFields,
  id: externalId,
  /** greater than that of the version before */
  updatedAt: instantText,
  uuid: text,
  version: anything,
  provider: text,
  connection: text,
  externalId: text,
  source: text,
  observedAt: text,
  artifacts: z.record(z.string(), anything).nullish(),
  media: list,
  transcript: anything,
});
export type SourceRecord = z.output<typeof recordSchema>;

export const recordEssentials = { id: externalIdExpected, updatedAt: instantExpected };

/** What names a record and its version; a bad stamp is let through, so that quarantine can still name the record. */
export const namedSchema = z.object({ id: externalId, updatedAt: z.unknown() });

/** A reason is a word of ours. */
export const artifactSchema = z.object({
  state: z.enum(artifactStates),
  reason: z
    .string()
    .regex(/^[A-Za-z]{1,64}$/)
    .nullish()
    .catch(null),
});

/** `href` is not used: the address follows from the id and the key. */
export const fileSchema = z.object({ ...mediaSchema.shape, href: text });

/** What `details` brings: the transcript beside the record, or why there is none to be had. */
export const detailSchema = z.object({
  transcript: anything,
  refused: z.literal('permissionMissing').optional(),
});
export type SourceDetail = z.output<typeof detailSchema>;

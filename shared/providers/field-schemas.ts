import * as z from 'zod';
import { instantMs } from './field-values.ts';

/**
 * The pieces of which connectors build their schemas. All but the essentials are nullish: providers' pages and their
 * OpenAPI documents disagree about what is required, and `readRecord` can only drop what may be missing.
 */

/** Text as sent, made well-formed: a lone surrogate would break hashing, storage and every later reader. */
export const text = z
  .string()
  .overwrite((value) => value.toWellFormed())
  .nullish();

export const number = z.number().nullish();
export const flag = z.boolean().nullish();
/** Read element by element with `readEach`, so that one odd element spoils neither the list nor the memory. */
export const list = z.array(z.unknown()).nullish();
/** A value whose shape the provider does not tell. */
export const anything = z.unknown().nullish();

/** Ids are text in one place and numbers in another of the same provider. */
export const idText = z
  .union([z.string(), z.number()])
  .transform((value) => String(value).toWellFormed())
  .nullish();

const longestId = 512;

/** An id that will stand in a path: dots alone would climb out of it. */
export const externalId = z
  .string()
  .min(1)
  .max(longestId)
  .refine((value) => value.isWellFormed() && !/^\.+$/.test(value));

export const externalIdExpected = `well-formed text of 1 to ${longestId} characters`;

/** A stamp without which a record has no place in time. */
export const instantText = z.string().refine((value) => instantMs(value) !== null);
export const instantExpected = 'an ISO 8601 instant with zone';

/** The text or null where nothing is said: blank text says nothing. */
export const said = (value: string | null | undefined): string | null => (value?.trim() ? value : null);

import * as z from 'zod';
import { channels, directions, providerNames } from '#shared/domain/conversation.ts';
import { formatInstant, parseInstant } from '#shared/domain/instant.ts';

/** What the routes take behind the `?`. Each message says what was expected and never repeats what came. */

const oneOf = <const T extends readonly [string, ...string[]]>(values: T) =>
  z.enum(values, { error: `expected one of ${values.join(', ')}` });

/** Instants outside these years have no sortable text of one length. */
const inRange = (ms: number): boolean => ms >= Date.UTC(1, 0, 1) && ms < Date.UTC(9999, 11, 31);

/** February 30 is refused; `Date` would take it for March 2. */
const realDay = (text: string): boolean => {
  const [year, month, day] = text.slice(0, 10).split('-').map(Number);
  const date = new Date(0);
  date.setUTCFullYear(year ?? 0, (month ?? 1) - 1, day ?? 0);
  return date.getUTCDate() === day;
};

/** An ISO 8601 instant with zone, as ours: UTC with milliseconds. A `+` of the zone that came unencoded is a blank by now. */
const instant = z.string().transform((text, context) => {
  const ms = parseInstant(text.replace(/ (?=\d{2}:?\d{2}$)/, '+'));
  if (ms !== null && inRange(ms) && realDay(text)) return formatInstant(ms);
  context.addIssue({ code: 'custom', message: 'expected an ISO 8601 instant, for example 2026-03-02T09:14:07Z' });
  return z.NEVER;
});

const limit = z
  .string()
  .regex(/^([1-9]\d?|100)$/, 'expected an integer from 1 to 100')
  .transform(Number)
  .default(25);

const ids = z
  .string()
  .transform((text) => text.split(','))
  .pipe(z.array(z.string().min(1, 'expected ids divided by single commas')).max(50, 'expected at most 50 ids'));

/** A sealed cursor is far shorter than this. */
const longestCursor = 1_000;

const include = z.literal('transcript', { error: 'expected transcript' }).optional();

export const listParameters = z.strictObject({
  connection: z
    .string()
    .regex(/^[a-z0-9-]{1,40}$/, 'expected the id of a connection')
    .optional(),
  provider: oneOf(providerNames).optional(),
  channel: oneOf(channels).optional(),
  direction: oneOf(directions).optional(),
  startedFrom: instant.optional(),
  startedTo: instant.optional(),
  updatedSince: instant.optional(),
  sort: oneOf(['startedAt', 'updatedAt']).default('startedAt'),
  order: oneOf(['asc', 'desc']).default('desc'),
  limit,
  cursor: z.string().max(longestCursor, 'expected a cursor that this address gave').optional(),
});
export type ListParameters = z.infer<typeof listParameters>;

export const idsParameters = z.strictObject({ ids, include });
/** Both ways to ask `/v1/conversations`, for the documents: `ids` and `include` go together, the others go without. */
export const conversationsQuery = z.strictObject({ ...listParameters.shape, ids: ids.optional(), include });
export const includeParameters = z.strictObject({ include });
export const noParameters = z.strictObject({});

import * as z from 'zod';
import { artifactKindSchema, artifactStates } from '#shared/domain/artifact.ts';
import { channels, directions, providerNames } from '#shared/domain/conversation.ts';
import { instant } from '#shared/domain/instant-schema.ts';
import { longestKey } from '#shared/domain/media.ts';
import { participantKey } from '#shared/domain/participant-key.ts';
import { paging } from './page-parameters.ts';

/** The filters, order and paging of a list. Each message says what was expected and never repeats what came. */

const oneOf = <const T extends readonly [string, ...string[]]>(values: T) =>
  z.enum(values, { error: `expected one of ${values.join(', ')}` });

/** Text of a provider, as far as somebody may reasonably look for it. */
const text = (longest: number) =>
  z
    .string()
    .max(longest, `expected at most ${longest} characters`)
    .refine((value) => !/\p{Cc}/u.test(value), 'expected no control characters');

const milliseconds = z
  .string()
  .regex(/^\d{1,15}$/, 'expected a whole number of milliseconds')
  .transform(Number)
  .optional();

const score = z
  .string()
  .regex(/^-?(0?\.\d{1,17}|0|1(\.0{1,17})?)$/, 'expected a number from -1 to 1')
  .transform(Number)
  .optional();

const participant = text(320)
  .refine((value) => participantKey(value) !== '', 'expected a phone, an e-mail or an id')
  .meta({ description: 'a phone, an e-mail in any case, or an id' })
  .optional();

/** `<kind>:<state>`; the key of a file may hold colons itself. */
const artifact = text('media:'.length + longestKey + 10)
  .transform((value) => {
    const cut = value.lastIndexOf(':');
    return { kind: value.slice(0, Math.max(0, cut)), state: value.slice(cut + 1) };
  })
  .pipe(
    z.object(
      { kind: artifactKindSchema, state: z.enum(artifactStates) },
      { error: 'expected <kind>:<state>, for example transcript:pending' },
    ),
  )
  .meta({ description: '`<kind>:<state>`, for example `transcript:pending` or `media:recording:ready`' })
  .optional();

/** The longest window that a list by `durationMs` looks through for each page. */
const rankedDays = 31;
const dayMs = 86_400_000;

const listShape = z.strictObject({
  connection: z
    .string()
    .regex(/^[a-z0-9-]{1,40}$/, 'expected the id of a connection')
    .optional(),
  provider: oneOf(providerNames).optional(),
  channel: oneOf(channels).optional(),
  direction: oneOf(directions).optional(),
  language: text(35).meta({ description: 'a language tag, for example `en-GB`, in any case' }).optional(),
  participant,
  titlePrefix: text(200).meta({ description: 'how the title begins, in any case' }).optional(),
  startedFrom: instant.optional(),
  startedTo: instant.optional(),
  updatedSince: instant.optional(),
  minDurationMs: milliseconds,
  maxDurationMs: milliseconds,
  minSentiment: score,
  maxSentiment: score,
  category: text(400).meta({ description: '`name` or `group/name`' }).optional(),
  artifact,
  sort: oneOf(['startedAt', 'updatedAt', 'durationMs'])
    .default('startedAt')
    .meta({ description: `\`durationMs\` needs \`startedFrom\` and \`startedTo\`, at most ${rankedDays} days apart` }),
  order: oneOf(['asc', 'desc']).default('desc'),
  ...paging,
});

/** No index has the order of the length, so every row of the window is looked at. */
export const listParameters = listShape.superRefine(({ sort, startedFrom, startedTo }, context) => {
  if (sort !== 'durationMs') return;
  const refuse = (name: string, message: string) => context.addIssue({ code: 'custom', path: [name], message });
  if (startedFrom === undefined) refuse('startedFrom', 'is needed to sort by durationMs');
  if (startedTo === undefined) refuse('startedTo', 'is needed to sort by durationMs');
  if (startedFrom === undefined || startedTo === undefined) return;
  if (Date.parse(startedTo) - Date.parse(startedFrom) > rankedDays * dayMs)
    refuse('startedTo', `expected at most ${rankedDays} days behind startedFrom, to sort by durationMs`);
});
export type ListParameters = z.infer<typeof listParameters>;

import * as z from 'zod';
import { operationSchemaOf } from './operation.ts';
import { idList } from './operation-replay.ts';
import { participantKey } from './participant-key.ts';

/** An erasure: conversations, or all conversations of a person, go for good, with everything that came of them. */

/** Conversations that one erasure reaches at most, so that a slip of the hand does not empty the house. */
export const mostErased = 1_000;

const longestParticipant = 320;

export const erasureRequest = z
  .strictObject({
    participant: z
      .string('expected a phone, an e-mail or an id')
      .max(longestParticipant, `expected at most ${longestParticipant} characters`)
      .refine((text) => participantKey(text) !== '', 'expected a phone, an e-mail or an id')
      .optional()
      .meta({ description: 'a phone, an e-mail or an id: every conversation that it took part in' }),
    conversations: idList.optional().meta({ description: 'ids or uuids of conversations' }),
    dryRun: z.boolean('expected true or false').default(false).meta({ description: 'only counts' }),
    expectedCount: z
      .int('expected a whole number')
      .nonnegative('expected 0 or more')
      .optional()
      .meta({ description: 'the `count` of a dry run, without which nothing is erased' }),
  })
  .refine(({ participant, conversations }) => (participant === undefined) !== (conversations === undefined), {
    path: ['participant'],
    message: 'expected either this or `conversations`',
  });
export type ErasureRequest = z.infer<typeof erasureRequest>;

/** What stands in the place of who was erased. */
export const redacted = '(redacted)';

/** A request as it is kept and shown: never who it was about. */
const shownRequest = z.object({
  participant: z.literal(redacted).optional(),
  conversations: z.array(z.string()).optional(),
  dryRun: z.boolean(),
  expectedCount: z.int().nonnegative().optional(),
  connections: z
    .array(z.string())
    .optional()
    .meta({ description: 'the connections that the client is limited to; absent where it may see all' }),
  retention: z
    .object({
      connection: z.string(),
      before: z.iso.datetime().nullable().meta({ description: 'conversations from before are removed' }),
      mediaBefore: z.iso.datetime().nullable().meta({ description: 'files of conversations from before are removed' }),
      rawBefore: z.iso.datetime().nullable().meta({ description: 'raw answers from days before are removed' }),
    })
    .optional()
    .meta({ description: 'asked for by the connection itself, once a day' }),
});
export type ShownErasure = z.infer<typeof shownRequest>;
export const shownErasure = shownRequest;

const count = (description: string) => z.int().nonnegative().meta({ description });

/** What was removed, by kind. */
export const erasureCounts = z.object({
  conversations: count('a tombstone stands in the place of each'),
  versions: count('of these, from first to last'),
  transcripts: count('of these'),
  media: count('files of these'),
  quarantined: count('records that could not be understood'),
  events: count('of the event log'),
  rawAnswers: count('of the providers, as they were kept'),
  indexRows: count('rows and markers by participant'),
  deadLetters: count('failed work that held something of these'),
});
export type ErasureCounts = z.infer<typeof erasureCounts>;

export const nothingErased: Readonly<ErasureCounts> = {
  ...{ conversations: 0, versions: 0, transcripts: 0, media: 0, quarantined: 0 },
  ...{ events: 0, rawAnswers: 0, indexRows: 0, deadLetters: 0 },
};

export const erasureResult = z.object({
  count: count('conversations that it reaches'),
  held: z.array(z.string()).meta({ description: 'ids of those under a legal hold, which stay untouched' }),
  erased: erasureCounts.optional().meta({ description: 'the receipt; absent of a dry run' }),
  remainder: z
    .object({
      what: z.literal('pointInTimeBackups'),
      endsAt: z.iso.datetime().meta({ description: 'when the last backup that holds something of it is gone' }),
    })
    .optional()
    .meta({ description: 'the one place where something is left' }),
});
export type ErasureResult = z.infer<typeof erasureResult>;

/** How long point-in-time recovery reaches back. */
const backupsMs = 35 * 86_400_000;

/** The receipt. `now` in milliseconds since 1970. */
export const receiptOf = (erased: ErasureCounts, held: readonly string[], now: number): ErasureResult => ({
  ...{ count: erased.conversations, held: [...held], erased },
  remainder: { what: 'pointInTimeBackups', endsAt: new Date(now + backupsMs).toISOString() },
});

/** An erasure as the lookup API shows it. */
export const erasureSchema = operationSchemaOf('erasures', shownRequest, erasureResult);

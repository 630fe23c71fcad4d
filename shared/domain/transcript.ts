import * as z from 'zod';
import { participantRoles } from './participant.ts';

/** One turn of what was said. Lengths are integer milliseconds from the start; absent facts are null. */
export const utteranceSchema = z.object({
  index: z.int().nonnegative(),
  participant: z.int().nonnegative().nullable().meta({ description: "index into the conversation's participants" }),
  role: z.enum(participantRoles),
  text: z.string(),
  startMs: z.int().nonnegative().nullable(),
  endMs: z.int().nonnegative().nullable(),
  sentiment: z.string().nullable().meta({ description: "the provider's label, as given" }),
  intent: z.string().nullable(),
});
export type Utterance = z.infer<typeof utteranceSchema>;

export const transcriptSchema = z.object({
  language: z.string().nullable(),
  text: z.string().meta({ description: 'the turns joined by line feeds' }),
  utterances: z.array(utteranceSchema),
});
export type Transcript = z.infer<typeof transcriptSchema>;

/** The transcript of these turns in this order; their `index` and the whole text follow from it. */
export function makeTranscript(language: string | null, turns: readonly Omit<Utterance, 'index'>[]): Transcript {
  return {
    language,
    text: turns.map((turn) => turn.text).join('\n'),
    // Field by field: a spread of so many turns is a good part of the work on a call.
    utterances: turns.map(({ participant, role, text, startMs, endMs, sentiment, intent }, index) => ({
      index,
      participant,
      role,
      text,
      startMs,
      endMs,
      sentiment,
      intent,
    })),
  };
}

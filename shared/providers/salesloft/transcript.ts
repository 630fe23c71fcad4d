import type { Participant } from '#shared/domain/participant.ts';
import { makeTranscript, type Transcript } from '#shared/domain/transcript.ts';
import { secondsToMs } from '../field-values.ts';
import { type Drift, readEach } from '../read-record.ts';
import { sentenceSchema } from './schema.ts';

/** Sentences without a number stay behind the others, in the order received. */
const orderOf = (order: number | null | undefined): number => order ?? Number.MAX_VALUE;

/**
 * The sentences in spoken order. A speaker is one of `participants` by id; an unknown one leaves the turn without
 * participant, its role `unknown`. Null where there are no sentences.
 */
export function transcriptOf(
  sentences: readonly unknown[],
  people: { participants: readonly Participant[]; language: string | null },
  drift: Drift,
): Transcript | null {
  const rows = readEach(sentenceSchema, sentences, 'sentences[]', drift);
  if (rows.length === 0) return null;
  const places = new Map(people.participants.map(({ id }, index) => [id, index]));
  const turns = rows
    .sort((a, b) => orderOf(a.order_number) - orderOf(b.order_number))
    .map((row) => {
      const participant = row.recording_attendee_id ? (places.get(row.recording_attendee_id) ?? null) : null;
      return {
        participant,
        role: participant === null ? 'unknown' : (people.participants[participant]?.role ?? 'unknown'),
        text: row.text ?? '',
        startMs: secondsToMs(row.start_time),
        endMs: secondsToMs(row.end_time),
        sentiment: null,
        intent: null,
      } as const;
    });
  return makeTranscript(people.language, turns);
}

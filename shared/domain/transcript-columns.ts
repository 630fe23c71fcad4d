import { type ParticipantRole, participantRoles } from './participant.ts';
import { makeTranscript, type Transcript } from './transcript.ts';

/**
 * A transcript as columns: like stands beside like, which packs to half of what rows take. Starts are kept as distances
 * from the turn before, ends as lengths; texts are joined by a mark that JSON never shows unescaped.
 */
type Columns = [
  language: string | null,
  participants: (number | null)[],
  roles: number[],
  texts: string[],
  starts: (number | null)[],
  lengths: (number | null)[],
  sentiments: (string | null)[] | 0,
  intents: (string | null)[] | 0,
];

/** JSON text of the columns; equal transcripts give equal text, so it also serves as the hash's input. */
export function encodeTranscript({ language, utterances }: Transcript): string {
  let clock = 0;
  const starts = utterances.map(({ startMs }) => {
    if (startMs === null) return null;
    const distance = startMs - clock;
    clock = startMs;
    return distance;
  });
  const columns: Columns = [
    language,
    utterances.map((turn) => turn.participant),
    utterances.map((turn) => participantRoles.indexOf(turn.role)),
    utterances.map((turn) => turn.text),
    starts,
    utterances.map(({ startMs, endMs }) => (endMs === null ? null : endMs - (startMs ?? 0))),
    sparse(utterances.map((turn) => turn.sentiment)),
    sparse(utterances.map((turn) => turn.intent)),
  ];
  return JSON.stringify(columns);
}

const sparse = (column: (string | null)[]): (string | null)[] | 0 =>
  column.every((value) => value === null) ? 0 : column;

/** The transcript of a text that `encodeTranscript` made. */
export function decodeTranscript(text: string): Transcript {
  const [language, participants, roles, texts, starts, lengths, sentiments, intents]: Columns = JSON.parse(text);
  let clock = 0;
  const turns = texts.map((line, i) => {
    const distance = starts[i] ?? null;
    if (distance !== null) clock += distance;
    const startMs = distance === null ? null : clock;
    const length = lengths[i] ?? null;
    return {
      participant: participants[i] ?? null,
      role: participantRoles[roles[i] ?? -1] ?? ('unknown' satisfies ParticipantRole),
      text: line,
      startMs,
      endMs: length === null ? null : (startMs ?? 0) + length,
      sentiment: sentiments ? (sentiments[i] ?? null) : null,
      intent: intents ? (intents[i] ?? null) : null,
    };
  });
  return makeTranscript(language, turns);
}

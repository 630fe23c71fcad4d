import type { Content } from '#shared/domain/conversation.ts';
import type { ParticipantRole } from '#shared/domain/participant.ts';
import { said } from '../field-schemas.ts';
import { type Drift, note } from '../read-record.ts';

/** Words of the same sense are taken for each other, in any case. */
type Words<T> = ReadonlyMap<string, T>;

const directions: Words<Content['direction']> = new Map([
  ['inbound', 'inbound'],
  ['outbound', 'outbound'],
]);

/** The final ones, and those that a call can have before (docs.magpipe.ai/api-reference/endpoints/create-call). */
const statuses: Words<Content['status']> = new Map([
  ['completed', 'completed'],
  ['busy', 'busy'],
  ['no-answer', 'missed'],
  ['failed', 'failed'],
  ['canceled', 'canceled'],
  ['cancelled', 'canceled'],
  ['queued', 'inProgress'],
  ['initiated', 'inProgress'],
  ['ringing', 'inProgress'],
  ['in-progress', 'inProgress'],
]);

/** `agent` and `caller` are documented, for both directions alike; the others stand in transcripts of voice agents. */
const speakers: Words<ParticipantRole> = new Map([
  ['agent', 'bot'],
  ['assistant', 'bot'],
  ['ai', 'bot'],
  ['bot', 'bot'],
  ['caller', 'customer'],
  ['callee', 'customer'],
  ['customer', 'customer'],
  ['user', 'customer'],
  ['human', 'customer'],
]);

const wordOf = (value: string): string =>
  value
    .trim()
    .toLowerCase()
    .replaceAll(/[\s_]+/g, '-');

/** Null where nothing is said and for a word that is not listed, which is noted. */
function look<T>(words: Words<T>, value: string | null | undefined, at: string, drift: Drift): T | null {
  const text = said(value);
  if (text === null) return null;
  const found = words.get(wordOf(text)) ?? null;
  if (found === null) note(drift, `${at}=<new>`);
  return found;
}

export const directionOf = (value: string | null | undefined, drift: Drift): Content['direction'] =>
  look(directions, value, 'direction', drift) ?? 'unknown';

/** Magpipe itself shows an empty status as `completed`. */
export const statusOf = (value: string | null | undefined, drift: Drift): Content['status'] =>
  said(value) === null ? 'completed' : (look(statuses, value, 'status', drift) ?? 'unknown');

/** Who speaks in a segment. */
export const speakerOf = (value: string | null, drift: Drift): ParticipantRole =>
  look(speakers, value, 'call.transcript_segments[].speaker', drift) ?? 'unknown';

/** Who speaks by the word before a colon; null for any other word, which may be part of what was said. */
export const namedSpeaker = (word: string): ParticipantRole | null => speakers.get(wordOf(word)) ?? null;

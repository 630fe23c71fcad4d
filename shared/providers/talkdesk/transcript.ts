import type { ArtifactFinding } from '#shared/domain/artifact.ts';
import type { Participant } from '#shared/domain/participant.ts';
import { makeTranscript, type Transcript } from '#shared/domain/transcript.ts';
import { said } from '../field-schemas.ts';
import { between, instantMs, secondsToMs } from '../field-values.ts';
import { type Drift, note } from '../read-record.ts';
import { type Spoken, speakerFinder } from './people.ts';

/** Only speech-to-text has places in the audio; other messages have the time they were sent at. */
function startOf({ message }: Spoken, startedMs: number | null, drift: Drift): number | null {
  const inAudio = secondsToMs(message.start_time);
  if (inAudio !== null) return inAudio;
  const sentAt = said(message.message_start_at);
  const sentMs = instantMs(sentAt);
  if (sentAt && sentMs === null) note(drift, 'messages[].message_start_at=<text>');
  return between(startedMs, sentMs);
}

/** The messages, in spoken order, as turns; null where there are none. */
export function transcriptOf(
  spoken: readonly Spoken[],
  { participants, startedMs }: { participants: readonly Participant[]; startedMs: number | null },
  drift: Drift,
): Transcript | null {
  if (spoken.length === 0) return null;
  const speakerOf = speakerFinder(participants);
  const turns = spoken.map((turn) => ({
    participant: speakerOf(turn),
    role: turn.role,
    text: turn.message.text ?? '',
    startMs: startOf(turn, startedMs, drift),
    endMs: secondsToMs(turn.message.end_time),
    sentiment: said(turn.message.sentiment),
    intent: said(turn.message.intent),
  }));
  return makeTranscript(null, turns);
}

/**
 * A label on any message makes the sentiment ready. Without one: no messages, or any of speech-to-text, whose labels may
 * follow, leave it pending, as does an interaction that goes on; a finished one of digital channels or a virtual agent
 * was given without, so there is none.
 */
export function sentimentFinding(spoken: readonly Spoken[], ended: boolean): ArtifactFinding {
  if (spoken.some(({ message }) => said(message.sentiment))) return { state: 'ready' };
  const withoutSpeech = spoken.length > 0 && spoken.every(({ source }) => source === 'DCE' || source === 'VA');
  return ended && withoutSpeech ? { state: 'absent', reason: 'notProvided' } : { state: 'pending' };
}

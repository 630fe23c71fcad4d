import type { Participant, ParticipantRole } from '#shared/domain/participant.ts';
import { makeTranscript, type Transcript } from '#shared/domain/transcript.ts';
import { said } from '../field-schemas.ts';
import { secondsToMs } from '../field-values.ts';
import type { Drift } from '../read-record.ts';
import { type Call, readSegments } from './schema.ts';
import { turnsOfText } from './turns-of-text.ts';
import { speakerOf } from './words.ts';

type Spoken = { role: ParticipantRole; text: string; startMs: number | null; endMs: number | null };

/**
 * What was said: the segments, which know times, else the text. Null where neither says anything. Where both do and
 * disagree, the segments are believed.
 */
export function transcriptOf(call: Call, participants: readonly Participant[], drift: Drift): Transcript | null {
  const segments = spokenInSegments(call, drift);
  const spoken = segments.length > 0 ? segments : spokenInText(call);
  if (spoken.length === 0) return null;
  const turns = spoken.map((turn) => ({
    participant: placeOf(turn.role, participants),
    ...turn,
    sentiment: null,
    intent: null,
  }));
  return makeTranscript(null, turns);
}

function spokenInSegments({ transcript_segments }: Call, drift: Drift): Spoken[] {
  return readSegments(transcript_segments, drift).flatMap(({ speaker, text, start_time, end_time }) => {
    const spoken = said(text);
    if (spoken === null) return [];
    const [startMs, endMs] = [secondsToMs(start_time), secondsToMs(end_time)];
    return [{ role: speakerOf(speaker, drift), text: spoken, startMs, endMs }];
  });
}

const spokenInText = ({ transcript }: Call): Spoken[] =>
  turnsOfText(transcript ?? '').map((turn) => ({ ...turn, startMs: null, endMs: null }));

function placeOf(role: ParticipantRole, participants: readonly Participant[]): number | null {
  const place = role === 'unknown' ? -1 : participants.findIndex((participant) => participant.role === role);
  return place === -1 ? null : place;
}

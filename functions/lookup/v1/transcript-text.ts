import type { Participant } from '#shared/domain/participant.ts';
import type { Transcript } from '#shared/domain/transcript.ts';
import { speakerOf } from './speaker.ts';

/** A transcript for reading: each turn begins a line with its speaker, where one is known. */
export function transcriptText(transcript: Transcript, participants: readonly Participant[]): string {
  if (transcript.utterances.length === 0) return transcript.text;
  const turns = transcript.utterances.map((utterance) => {
    const speaker = speakerOf(utterance, participants);
    return speaker === null ? utterance.text : `${speaker}: ${utterance.text}`;
  });
  return `${turns.join('\n')}\n`;
}

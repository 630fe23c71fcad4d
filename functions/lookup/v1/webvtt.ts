import type { Participant } from '#shared/domain/participant.ts';
import type { Transcript } from '#shared/domain/transcript.ts';
import { type Cue, placeCues } from './cue-times.ts';
import { speakerOf } from './speaker.ts';

const estimateNote =
  'NOTE\nThe provider gave no times for some turns. Their cues are placed by order and have an id that begins with "estimated".';

/**
 * A transcript as WebVTT (W3C). Provider text is escaped, so it can neither end a cue nor bring markup. A cue must have
 * times: turns without any are placed by order, marked as estimated, and a note at the top says so.
 */
export function webvtt(transcript: Transcript, participants: readonly Participant[]): string {
  // A cue without text shows nothing, and its empty line would end the block early.
  const cues = placeCues(transcript.utterances.filter(({ text }) => text.trim() !== ''));
  const note = cues.some((cue) => cue.estimated) ? [estimateNote] : [];
  return `${['WEBVTT', ...note, ...cues.map((cue) => cueBlock(cue, participants))].join('\n\n')}\n`;
}

function cueBlock(cue: Cue, participants: readonly Participant[]): string {
  const id = `${cue.estimated ? 'estimated ' : ''}${cue.utterance.index}`;
  const speaker = speakerOf(cue.utterance, participants);
  const voice = speaker === null ? '' : `<v ${escaped(speaker)}>`;
  return `${id}\n${timestamp(cue.startMs)} --> ${timestamp(cue.endMs)}\n${voice}${cueText(cue.utterance.text)}`;
}

/** An empty line would end the cue. */
const cueText = (text: string): string => escaped(text.replaceAll(/\s*[\r\n]\s*/g, '\n').trim());

/** `-->` is impossible behind this too. The file's text may hold neither NUL nor half a surrogate pair. */
const escaped = (text: string): string =>
  text
    .toWellFormed()
    .replaceAll('\0', '\uFFFD')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');

function timestamp(ms: number): string {
  const pad = (value: number, length = 2) => String(Math.floor(value)).padStart(length, '0');
  return `${pad(ms / 3_600_000)}:${pad((ms / 60_000) % 60)}:${pad((ms / 1_000) % 60)}.${pad(ms % 1_000, 3)}`;
}

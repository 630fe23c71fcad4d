import type { ParticipantRole } from '#shared/domain/participant.ts';
import { namedSpeaker } from './words.ts';

/** One turn of a transcript that is plain text. */
export type TextTurn = { role: ParticipantRole; text: string };

/** A speaker's name is short: what stands further behind is speech that has a colon in it. */
const longestPrefix = 20;

/** The speaker that a line begins with, and what is left of the line. */
function opening(line: string): { role: ParticipantRole; rest: string } | null {
  const colon = line.slice(0, longestPrefix).indexOf(':');
  const role = colon === -1 ? null : namedSpeaker(line.slice(0, colon));
  return role && { role, rest: line.slice(colon + 1) };
}

/**
 * The turns of a text such as `Agent: …`, a blank line, `Caller: …`. A turn goes on until a line names the next
 * speaker, blank lines included; nobody is known to speak what stands before the first, or a text that names none.
 */
export function turnsOfText(text: string): TextTurn[] {
  const turns: { role: ParticipantRole; lines: string[] }[] = [];
  for (const line of text.split(/\r\n|\r|\n/)) {
    const opened = opening(line);
    const last = turns.at(-1);
    if (opened) turns.push({ role: opened.role, lines: [opened.rest] });
    else if (last) last.lines.push(line);
    else turns.push({ role: 'unknown', lines: [line] });
  }
  return turns.map(({ role, lines }) => ({ role, text: lines.join('\n').trim() })).filter((turn) => turn.text !== '');
}

import type { ParticipantRole } from '#shared/domain/participant.ts';
import type { Transcript } from '#shared/domain/transcript.ts';
import type { WireSegment } from './wire.ts';

/** Humans on our side speak as agents too: Magpipe knows no other word. */
const speakers = {
  bot: 'agent',
  agent: 'agent',
  customer: 'caller',
  unknown: 'unknown',
} as const satisfies Record<ParticipantRole, WireSegment['speaker']>;

const prefixes = { agent: 'Agent: ', caller: 'Caller: ', unknown: '' } as const;

/** `Agent: …`, a blank line, `Caller: …`; a turn of nobody known has no name before it. */
export const textOf = ({ utterances }: Transcript): string =>
  utterances.map(({ role, text }) => `${prefixes[speakers[role]]}${text}`).join('\n\n');

/** The turns with their times in seconds; null where no time is known, since the text then says it all. */
export function segmentsOf({ utterances }: Transcript): WireSegment[] | null {
  if (utterances.every(({ startMs, endMs }) => startMs === null && endMs === null)) return null;
  return utterances.map(({ role, text, startMs, endMs }) => ({
    speaker: speakers[role],
    text,
    ...(startMs !== null && { start_time: startMs / 1000 }),
    ...(endMs !== null && { end_time: endMs / 1000 }),
  }));
}

import type { Participant } from '#shared/domain/participant.ts';
import type { Utterance } from '#shared/domain/transcript.ts';

const roleNames = { agent: 'Agent', customer: 'Customer', bot: 'Bot', unknown: null } as const;

/** Who speaks, on one line: the participant's name, else the role; null where neither is known. */
export function speakerOf(utterance: Utterance, participants: readonly Participant[]): string | null {
  const participant = utterance.participant === null ? undefined : participants[utterance.participant];
  const name = participant?.name?.replaceAll(/\s+/g, ' ').trim();
  return name || roleNames[utterance.role];
}

import type { StoredRecord } from './conversation.ts';
import type { Participant } from './participant.ts';
import type { Transcript } from './transcript.ts';

/**
 * A kept transcript beside a newer list of participants: turns name their speaker by place, so each is looked up again
 * by id, else by name, e-mail and phone. A speaker that is gone leaves the turn its role.
 */
export function followParticipants(
  { conversation, transcript }: StoredRecord,
  participants: readonly Participant[],
): Transcript | null {
  if (!transcript) return null;
  const places = conversation.participants.map((speaker) => placeOf(speaker, participants));
  if (places.every((place, i) => place === i)) return transcript;
  const utterances = transcript.utterances.map((turn) => ({
    ...turn,
    participant: turn.participant === null ? null : (places[turn.participant] ?? null),
  }));
  return { ...transcript, utterances };
}

function placeOf(speaker: Participant, participants: readonly Participant[]): number | null {
  const found = participants.findIndex((other) =>
    speaker.id === null
      ? other.name === speaker.name && other.email === speaker.email && other.phone === speaker.phone
      : other.id === speaker.id,
  );
  return found === -1 ? null : found;
}

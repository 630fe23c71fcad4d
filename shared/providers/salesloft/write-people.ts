import type { StoredConversation } from '#shared/domain/conversation.ts';
import type { Participant } from '#shared/domain/participant.ts';
import { keptText } from '../kept-fields.ts';
import { standIn } from '../stand-in.ts';
import type { WireExtensive } from './wire.ts';

/** The people of a conversation as `/extensive` shows them, the inverse of `participantsOf`. */
export type WrittenPeople = {
  ownerId: string | null;
  ownerEmail: string;
  attendees: WireExtensive['attendees'];
  /** by participant: what `recording_attendee_id` of its sentences is */
  ids: readonly (string | null)[];
};

type Named = Pick<StoredConversation, 'provider' | 'uuid' | 'participants' | 'metadata'>;

export const peopleOf = (conversation: Named): WrittenPeople =>
  conversation.provider === 'salesloft' ? ownPeople(conversation) : foreignPeople(conversation);

/** Ours are the humans and the machines on our side: Salesloft knows inside and outside only. */
const isOurs = ({ role }: Participant): boolean => role === 'agent' || role === 'bot';

const attendeeOf = (participant: Participant, id: string | null) => ({
  id,
  full_name: participant.name ?? '',
  email: participant.email ?? '',
  is_internal: isOurs(participant),
});

/**
 * What Salesloft sent: an owner who is no attendee stands behind them as a participant with neither name nor phone. The
 * owner's address is kept with the participant that is the owner, who is found by id, else was found by the address.
 */
function ownPeople({ participants, metadata }: Named): WrittenPeople {
  const ownerId = keptText(metadata, 'ownerId');
  const last = participants.at(-1);
  const isAdded = last !== undefined && isBareOwner(last, ownerId) && isAlone(last.email, participants);
  const owner =
    participants.find(({ id }) => id !== null && id === ownerId) ??
    (isAdded ? last : participants.find((one) => ownersAddress(one, participants) !== ''));
  return {
    ownerId,
    ownerEmail: ownersAddress(owner, participants),
    attendees: (isAdded ? participants.slice(0, -1) : participants).map((one) => attendeeOf(one, one.id)),
    ids: participants.map(({ id }) => id),
  };
}

/** The owner's address, empty where somebody of the other side has it too: by it they would be taken for the owner. */
function ownersAddress(owner: Participant | undefined, participants: readonly Participant[]): string {
  const email = owner?.email ?? null;
  if (email === null) return '';
  return participants.every((one) => isOurs(one) || !isSameAddress(one.email, email)) ? email : '';
}

const isBareOwner = ({ role, id, email, name, phone }: Participant, ownerId: string | null): boolean =>
  role === 'agent' && id === ownerId && (id ?? email) !== null && name === null && phone === null;

const isAlone = (email: string | null, participants: readonly Participant[]): boolean =>
  email === null || participants.filter((one) => isSameAddress(one.email, email)).length === 1;

const isSameAddress = (one: string | null, other: string): boolean => one?.toLowerCase() === other.toLowerCase();

/** Each participant under its own id, else under a stand-in; the first of our side is the owner. */
function foreignPeople({ uuid, participants }: Named): WrittenPeople {
  const ids = participants.map(({ id }, index) => {
    const isFirst = participants.findIndex((other) => other.id === id) === index;
    return id?.trim() && isFirst ? id : standIn(uuid, `attendee ${index}`);
  });
  const agent = participants.findIndex(({ role }) => role === 'agent');
  const owner = agent === -1 ? participants.findIndex(isOurs) : agent;
  return {
    ownerId: ids[owner] ?? standIn(uuid, 'owner'),
    ownerEmail: ownersAddress(participants[owner], participants),
    attendees: participants.map((participant, index) => attendeeOf(participant, ids[index] ?? null)),
    ids,
  };
}

import type { Content } from '#shared/domain/conversation.ts';
import type { Participant } from '#shared/domain/participant.ts';
import type { InteractionAnswer } from './wire.ts';

type People = Pick<InteractionAnswer, 'connectFrom' | 'connectTo' | 'handlingAgents'>;
type Side = { index: number; address: string } | null;
type Sides = { from: Side; to: Side };

/** Handles that stood at the two addresses, where a participant's id may hide them. */
export type Handles = { connectFrom?: string | undefined; connectTo?: string | undefined };

const isOurs = ({ role }: Participant): boolean => role === 'agent' || role === 'bot';

/**
 * The two addresses and the agents of a conversation: the inverse of `participantsOf`. A person outside without phone and
 * e-mail stands there by id; one of ours does only where Vonage said so, since an id is first of all an agent's.
 */
export function writePeople(
  { participants, direction }: Pick<Content, 'participants' | 'direction'>,
  handles: Handles,
): People {
  const known: ReadonlySet<string | null | undefined> = new Set(Object.values(handles));
  const addressOf = (person: Participant): string | null =>
    person.phone ?? person.email ?? (!isOurs(person) || known.has(person.id) ? person.id : null);
  const candidates = participants.map((person, index) => {
    return { index, id: person.id, isOurs: isOurs(person), address: addressOf(person) };
  });
  const { from, to } = sidesOf(candidates, direction, handles);
  const connectFrom = handles.connectFrom ?? from?.address ?? null;
  const connectTo = handles.connectTo ?? to?.address ?? null;
  const agents = participants.flatMap((person, index): string[] => {
    if (!isOurs(person) || person.id === null) return [];
    const isAddress =
      (index === from?.index && person.id === connectFrom) || (index === to?.index && person.id === connectTo);
    return isAddress ? [] : [person.id];
  });
  return { connectFrom, connectTo, handlingAgents: [...new Set(agents)].map((id) => ({ id })) };
}

type Candidate = { index: number; id: string | null; isOurs: boolean; address: string | null };

/** Who stands at either address. */
function sidesOf(candidates: readonly Candidate[], direction: Content['direction'], handles: Handles): Sides {
  if (direction === 'inbound') return { from: firstOf(candidates, false), to: firstOf(candidates, true) };
  if (direction === 'outbound') return { from: firstOf(candidates, true), to: firstOf(candidates, false) };
  return undirected(candidates, handles);
}

function firstOf(candidates: readonly Candidate[], ours: boolean): Side {
  const found = candidates.find(({ isOurs }) => isOurs === ours);
  return found?.address ? { index: found.index, address: found.address } : null;
}

/** Those with an address, strangers first; the one at the second address may be known by its handle alone. */
function undirected(candidates: readonly Candidate[], { connectFrom, connectTo }: Handles): Sides {
  const addressed = candidates
    .toSorted((a, b) => Number(a.isOurs) - Number(b.isOurs))
    .flatMap(({ index, id, address }) => (address ? [{ index, id, address }] : []));
  const from = addressed.find(({ id }) =>
    connectFrom === undefined ? connectTo === undefined || id !== connectTo : id === connectFrom,
  );
  const others = addressed.filter(({ index }) => index !== from?.index);
  const to = others.find(({ id }) => connectTo === undefined || id === connectTo);
  return { from: from ?? null, to: to ?? null };
}

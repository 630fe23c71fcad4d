import type { Content } from '#shared/domain/conversation.ts';
import type { Participant, ParticipantRole } from '#shared/domain/participant.ts';
import { said } from '../field-schemas.ts';
import type { Drift } from '../read-record.ts';
import { type Interaction, readAgents } from './schema.ts';

/** Digits with what is written between them; short codes too. */
export const isPhone = (address: string): boolean =>
  address.length <= 50 && /^[\s+\d().-]+$/.test(address) && /\d/.test(address);

const isEmail = (address: string): boolean => address.length <= 320 && /^[^\s@:]+@[^\s@]+$/.test(address);

/** Neither a phone number nor an e-mail address: a visitor of a chat, an extension, a SIP address. */
export const isHandle = (address: string): boolean => !isPhone(address) && !isEmail(address);

/** A handle is an id of its own where there is no other. */
function person(role: ParticipantRole, address: string | null, id: string | null): Participant[] {
  if (address === null) return id === null ? [] : [{ id, role, name: null, phone: null, email: null }];
  const phone = isPhone(address) ? address : null;
  const email = isEmail(address) ? address : null;
  return [{ id: id ?? (isHandle(address) ? address : null), role, name: null, phone, email }];
}

const sides: Readonly<Record<Content['direction'], readonly [ParticipantRole, ParticipantRole]>> = {
  inbound: ['customer', 'agent'],
  outbound: ['agent', 'customer'],
  internal: ['agent', 'agent'],
  unknown: ['unknown', 'unknown'],
};

/**
 * Who stands at either address, and the agents. The first agent is the one at our address, where it is known which of the
 * two that is; any further agents follow.
 */
export function participantsOf(
  { connectFrom, connectTo, handlingAgents }: Interaction,
  direction: Content['direction'],
  drift: Drift,
): Participant[] {
  const agents = [...new Set(readAgents(handlingAgents, drift).flatMap(({ id }) => said(id) ?? []))];
  const [from, to] = sides[direction];
  const handler = from === to ? null : (agents[0] ?? null);
  const further = handler === null ? agents : agents.slice(1);
  return [
    ...person(from, said(connectFrom), from === 'agent' ? handler : null),
    ...person(to, said(connectTo), to === 'agent' ? handler : null),
    ...further.flatMap((id) => person('agent', null, id)),
  ];
}

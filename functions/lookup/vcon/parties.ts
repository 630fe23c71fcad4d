import type { StoredConversation } from '#shared/domain/conversation.ts';
import { conversationId, conversationUuid } from '#shared/domain/identity.ts';
import type { Participant } from '#shared/domain/participant.ts';
import type { Party } from './vcon-schema.ts';

/**
 * A participant as a party. An AI agent is an agent of the type `bot`. Whoever the provider names by an id has the same
 * uuid in each conversation of the connection.
 */
export function toParty({ id, role, name, phone, email }: Participant, connection: string): Party {
  return {
    ...(phone !== null && { tel: phone }),
    ...(email !== null && { mailto: email }),
    ...(name !== null && { name }),
    ...(id !== null && { uuid: conversationUuid(conversationId(`${connection}:participant`, id)) }),
    ...(role === 'bot' && { type: 'bot' as const }),
    ...(role === 'agent' && { type: 'person' as const }),
    ...((role === 'agent' || role === 'bot') && { role: 'agent' as const }),
    ...(role === 'customer' && { role }),
  };
}

type Talk = Pick<StoredConversation, 'participants' | 'direction'>;

const isOurs = ({ role }: Participant): boolean => role === 'agent' || role === 'bot';

/** Who began, as an index; null where the direction or that side is not known. */
export function originatorOf({ participants, direction }: Talk): number | null {
  if (direction !== 'inbound' && direction !== 'outbound') return null;
  const found = participants.findIndex((one) => (direction === 'outbound' ? isOurs(one) : one.role === 'customer'));
  return found < 0 ? null : found;
}

/** Whose the provider's files are: our side's first, else the first of all. */
export const keeperOf = ({ participants }: Pick<Talk, 'participants'>): number =>
  Math.max(0, participants.findIndex(isOurs));

import type { StoredConversation } from '#shared/domain/conversation.ts';
import { conversationUuid } from '#shared/domain/identity.ts';
import type { Participant } from '#shared/domain/participant.ts';

type Conversation = Pick<StoredConversation, 'provider' | 'connection' | 'uuid' | 'metadata' | 'participants'>;

const isOwn = ({ provider }: Pick<Conversation, 'provider'>): boolean => provider === 'talkdesk';

/**
 * The id of a person. Another provider's people may have none: then one that follows from connection and address (or
 * name), so that the same person has the same id in every conversation; null for whom nothing is known of.
 */
export function personId(conversation: Conversation, { id, role, email, phone, name }: Participant): string | null {
  if (id !== null || isOwn(conversation)) return id;
  const known = email?.toLowerCase() ?? phone ?? name;
  return known === null ? null : conversationUuid(JSON.stringify(['person', conversation.connection, role, known]));
}

/** The customer: Talkdesk's own as kept, else the first, else the conversation stands for a customer nobody knows. */
export function customerId(conversation: Conversation): string | null {
  const kept = conversation.metadata['customerId'];
  if (isOwn(conversation)) return typeof kept === 'string' ? kept : null;
  const customer = conversation.participants.find(({ role }) => role === 'customer');
  return (customer && personId(conversation, customer)) ?? conversation.uuid;
}

/** The agents, each id once. */
export function writeAgents(conversation: Conversation): { id: string; name?: string }[] {
  const agents = conversation.participants.flatMap((participant) => {
    const id = participant.role === 'agent' ? personId(conversation, participant) : null;
    return id === null ? [] : [{ id, ...(participant.name !== null && { name: participant.name }) }];
  });
  return agents.filter(({ id }, i) => agents.findIndex((agent) => agent.id === id) === i);
}

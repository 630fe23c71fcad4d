import type { Content } from '#shared/domain/conversation.ts';
import type { Participant, ParticipantRole } from '#shared/domain/participant.ts';
import { said } from '../field-schemas.ts';
import type { Row } from './schema.ts';

const person = (role: ParticipantRole, phone: string | null, id: string | null = null, name: string | null = null) => {
  return { id, role, name, phone, email: null };
};

/** The sides of which anything is known. */
const known = (participants: readonly Participant[]): Participant[] =>
  participants.filter(({ id, name, phone }) => id !== null || name !== null || phone !== null);

/** The customer and the AI agent, whose is the number on our side; which side that is follows from the direction. */
export function participantsOf(row: Row, direction: Content['direction']): Participant[] {
  const [from, to] = [said(row.from_number), said(row.to_number)];
  const [id, name] = [said(row.agent_id), said(row.agent_name)];
  if (direction === 'inbound') return known([person('customer', from), person('bot', to, id, name)]);
  if (direction === 'outbound') return known([person('customer', to), person('bot', from, id, name)]);
  return known([person('unknown', from), person('unknown', to), person('bot', null, id, name)]);
}

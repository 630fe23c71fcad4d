import type { Participant, ParticipantRole } from '#shared/domain/participant.ts';
import { said } from '../field-schemas.ts';
import { type Drift, readEach } from '../read-record.ts';
import { idOrNull } from './ids.ts';
import { agentSchema, type Interaction, type Message } from './schema.ts';
import type { Source } from './words.ts';

/** A message with what made it and who spoke. */
export type Spoken = { message: Message; source: Source | null; role: ParticipantRole };

const person = (role: ParticipantRole, id: string | null, name: string | null): Participant => ({
  id,
  role,
  name,
  phone: null,
  email: null,
});

/** Agents and bots that only messages name: agent names are going away at Talkdesk, ids stay. */
function speakers(spoken: readonly Spoken[], role: ParticipantRole): Participant[] {
  const found = new Map<string, Participant>();
  const given = Map.groupBy(
    spoken.filter((turn) => turn.role === role),
    ({ message }) => message.agent_id ?? '',
  );
  for (const [agentId, turns] of given) {
    const id = idOrNull(agentId);
    const name = turns.map(({ message }) => said(message.agent_name)).find((each) => each !== null) ?? null;
    const known = found.get(id ?? '');
    found.set(id ?? '', person(role, id, known?.name ?? name));
  }
  return [...found.values()];
}

/** The customer, then the agents as listed and as heard, then the bots. */
export function participantsOf(interaction: Interaction, spoken: readonly Spoken[], drift: Drift): Participant[] {
  const customerId = idOrNull(interaction.customer_id);
  const hasCustomer = customerId !== null || spoken.some(({ role }) => role === 'customer');
  const heard = speakers(spoken, 'agent').filter(({ id }) => id !== null);
  const names = new Map(heard.map(({ id, name }) => [id, name]));
  const listed = readEach(agentSchema, interaction.agents, 'agents[]', drift).flatMap(({ id: given, name }) => {
    const id = idOrNull(given);
    return id ? [person('agent', id, said(name) ?? names.get(id) ?? null)] : [];
  });
  const unlisted = heard.filter(({ id }) => !listed.some((agent) => agent.id === id));
  return [
    ...(hasCustomer ? [person('customer', customerId, null)] : []),
    ...listed,
    ...unlisted,
    ...speakers(spoken, 'bot'),
  ];
}

/** Finds who spoke: by id, or the only one of the role; null where several could have. */
export function speakerFinder(participants: readonly Participant[]): (spoken: Spoken) => number | null {
  const byRole = Map.groupBy(participants.keys(), (index) => participants[index]?.role);
  const named = (candidates: readonly number[], id: string | null): number | undefined =>
    id === null ? undefined : candidates.find((index) => participants[index]?.id === id);
  return ({ message, role }) => {
    const candidates = byRole.get(role) ?? [];
    const agentId = role === 'customer' ? null : message.agent_id;
    // Most ids are in our form as they come.
    const speaker = named(candidates, agentId) ?? named(candidates, idOrNull(agentId));
    return speaker ?? (candidates.length === 1 ? (candidates[0] ?? null) : null);
  };
}

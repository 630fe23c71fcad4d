import type { Participant } from '#shared/domain/participant.ts';
import { said } from '../field-schemas.ts';
import { type Drift, readEach } from '../read-record.ts';
import { attendeeSchema, type Extensive, inviteeSchema, type Row } from './schema.ts';

/** E-mails can be empty or junk such as "na": only what has the form of an address is one. */
export function addressOf(value: string | null | undefined): string | null {
  const address = value?.trim() ?? '';
  return address.length <= 320 && /^[^\s@]+@[^\s@]+$/.test(address) ? address : null;
}

/**
 * The attendees as given, and the owner, who is an agent, where no attendee is the owner. A refused or missing extensive
 * answer leaves the owner alone.
 */
export function participantsOf(row: Row, extensive: Extensive | null, drift: Drift): Participant[] {
  const attendees = readEach(attendeeSchema, extensive?.attendees, 'extensive.attendees[]', drift).map(
    ({ id, full_name, email, is_internal }): Participant => ({
      id: said(id),
      role: is_internal ? 'agent' : 'customer',
      name: said(full_name),
      phone: null,
      email: addressOf(email),
    }),
  );
  const owner = { id: said(row.owner_id), email: addressOf(extensive?.owner_email) };
  if (!owner.id && !owner.email) return attendees;
  const isOwner = ({ id, email }: Participant): boolean =>
    (id !== null && id === owner.id) || (email !== null && email.toLowerCase() === owner.email?.toLowerCase());
  if (!attendees.some(isOwner))
    return [...attendees, { id: owner.id, role: 'agent', name: null, phone: null, email: owner.email }];
  return attendees.map((attendee) => (isOwner(attendee) ? { ...attendee, role: 'agent' } : attendee));
}

/** Who was invited by the calendar, whether or not they came: metadata, not participants. */
export const inviteesOf = (extensive: Extensive, drift: Drift) =>
  readEach(inviteeSchema, extensive.invitees, 'extensive.invitees[]', drift).map(({ full_name, email }) => ({
    name: said(full_name),
    email: addressOf(email),
  }));

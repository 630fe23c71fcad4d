import type { ArtifactState } from '#shared/domain/artifact.ts';
import type { Conversation } from '#shared/domain/conversation.ts';
import type { Participant, ParticipantRole } from '#shared/domain/participant.ts';

/** How things are called on the page. Text of a provider stays as it is. */

export const providers: Readonly<Record<Conversation['provider'], string>> = {
  vonage: 'Vonage',
  talkdesk: 'Talkdesk',
  salesloft: 'Salesloft',
  magpipe: 'Magpipe',
  earshot: 'Earshot',
};

export const channels: Readonly<Record<Conversation['channel'], string>> = {
  voice: 'Call',
  chat: 'Chat',
  sms: 'SMS',
  meeting: 'Meeting',
  digital: 'Digital',
  unknown: 'Conversation',
};

export const directions: Readonly<Record<Conversation['direction'], string>> = {
  inbound: 'inbound',
  outbound: 'outbound',
  internal: 'internal',
  unknown: 'direction unknown',
};

export const statuses: Readonly<Record<Conversation['status'], string>> = {
  inProgress: 'in progress',
  completed: 'completed',
  missed: 'missed',
  busy: 'busy',
  failed: 'failed',
  canceled: 'cancelled',
  unknown: 'outcome unknown',
};

export const roles: Readonly<Record<ParticipantRole, string>> = {
  agent: 'Agent',
  customer: 'Customer',
  bot: 'Bot',
  unknown: 'Speaker',
};

/** What a state of an artifact means for its reader. */
export const stateMeanings: Readonly<Record<ArtifactState, string>> = {
  ready: 'here',
  pending: 'the provider has not made it yet; it is asked for again',
  overdue: 'promised, and late; it is asked for once a day',
  absent: 'the provider has none',
  expired: 'gone at the provider before it could be fetched',
  failed: 'could not be fetched',
};

/** `talkTime` is `talk time`; a file goes by its key. */
export const artifactName = (kind: string): string =>
  kind.startsWith('media:') ? fileName(kind.slice('media:'.length)) : spaced(kind);

/** A key without the long id that providers put into some: `recording-562b8c6e826a…` is `recording 562b8c`. */
export function fileName(key: string): string {
  const [, name = '', id] = /^(.*?)[-_]?([0-9a-f]{8}[0-9a-f-]{16,})$/.exec(key) ?? [];
  if (key === 'transcript' || key === 'summary') return `${key} file`;
  return id === undefined ? spaced(key) : `${name === '' ? 'file' : spaced(name)} ${id.slice(0, 6)}`;
}

/** `screenRecording` is `screen recording`; anything that is no plain name stays as it is. */
export const spaced = (name: string): string =>
  /^[a-z]+([A-Z][a-z]+)*$/.test(name) ? name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`) : name;

/** Who it is, by what is known of them. */
export const nameOf = ({ name, phone, email, id, role }: Participant): string =>
  name ?? phone ?? email ?? (id === null ? roles[role] : isLong(id) ? `${roles[role]} ${id.slice(0, 6)}` : id);

/** An id that is made for machines says nothing to people. */
const isLong = (id: string): boolean => /^[0-9a-f-]{20,}$/i.test(id);

/** Who spoke with whom: customers first, as long as a line is. */
export function partiesOf(participants: readonly Participant[]): string {
  const customers = participants.filter(({ role }) => role === 'customer');
  const others = participants.filter(({ role }) => role !== 'customer');
  const names = [...new Set([...customers, ...others].map(nameOf))];
  if (names.length === 0) return 'Nobody named';
  const shown = names.slice(0, 3).join(', ');
  return names.length > 3 ? `${shown} and ${names.length - 3} more` : shown;
}

/** What a conversation is headed with. */
export const titleOf = ({ title, participants }: Pick<Conversation, 'title' | 'participants'>): string =>
  title?.trim() || partiesOf(participants);

const sizes = ['bytes', 'KB', 'MB', 'GB'] as const;

/** `1.9 MB`, in steps of 1,000. */
export function sizeOf(bytes: number): string {
  let [value, step] = [bytes, 0];
  while (value >= 1_000 && step < sizes.length - 1) [value, step] = [value / 1_000, step + 1];
  return `${step === 0 ? value : value.toFixed(1)} ${sizes[step]}`;
}

/** `1 gap`, `2 gaps` */
export const counted = (count: number, one: string, many = `${one}s`): string =>
  `${count.toLocaleString('en-GB')} ${count === 1 ? one : many}`;

/** A sentiment's number with its sign: `+0.12`. */
export const signed = (score: number): string =>
  `${score > 0 ? '+' : score < 0 ? '−' : ''}${Math.abs(score).toFixed(2)}`;

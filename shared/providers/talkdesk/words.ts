import type { Content } from '#shared/domain/conversation.ts';
import type { ParticipantRole } from '#shared/domain/participant.ts';
import { said } from '../field-schemas.ts';
import { type Drift, note } from '../read-record.ts';
import type { Message } from './schema.ts';

/** Talkdesk lists no values for direction and participant, so words of the same sense are taken, in any case. */

/** `STT` speech-to-text, `DCE` digital, `VA` virtual agent. */
export type Source = 'STT' | 'DCE' | 'VA';

type Words<T> = ReadonlyMap<string, T>;

const directions: Words<Content['direction']> = new Map([
  ['in', 'inbound'],
  ['inbound', 'inbound'],
  ['incoming', 'inbound'],
  ['out', 'outbound'],
  ['outbound', 'outbound'],
  ['outgoing', 'outbound'],
  ['internal', 'internal'],
  ['unknown', 'unknown'],
]);

const roles: Words<ParticipantRole> = new Map([
  ['agent', 'agent'],
  ['user', 'agent'],
  ['advisor', 'agent'],
  ['representative', 'agent'],
  ['customer', 'customer'],
  ['contact', 'customer'],
  ['caller', 'customer'],
  ['client', 'customer'],
  ['visitor', 'customer'],
  ['end_user', 'customer'],
  ['bot', 'bot'],
  ['va', 'bot'],
  ['autopilot', 'bot'],
  ['assistant', 'bot'],
  ['virtual_agent', 'bot'],
  ['unknown', 'unknown'],
]);

const sources: Words<Source> = inBothCases<Source>([
  ['stt', 'STT'],
  ['dce', 'DCE'],
  ['va', 'VA'],
]);

const messageChannels: Words<Content['channel']> = inBothCases<Content['channel']>([
  ['voice', 'voice'],
  ['webchat', 'chat'],
  ['chat', 'chat'],
  ['sms', 'sms'],
  ['digital_connect', 'digital'],
]);

const spaced = /[\s-]+/g;

/** One lookup for all words. Blank says nothing; a word that is not listed is noted. Null for both. */
function look<T>(words: Words<T>, value: string | null | undefined, at: string, drift: Drift): T | null {
  if (!value) return null;
  // As spelled here first: every message brings three words, and most are spelled so.
  const found = words.get(value) ?? words.get(value.toLowerCase().trim().replaceAll(spaced, '_'));
  if (found === undefined && said(value)) note(drift, `${at}=<new>`);
  return found ?? null;
}

/** The words in lower case and, as Talkdesk writes sources and channels, in upper case. */
function inBothCases<T>(words: readonly (readonly [string, T])[]): Words<T> {
  return new Map(words.flatMap(([word, sense]) => [[word, sense] as const, [word.toUpperCase(), sense] as const]));
}

export const directionOf = (value: string | null | undefined, drift: Drift): Content['direction'] =>
  look(directions, value, 'direction', drift) ?? 'unknown';

/** The channel of the first message whose channel is known. A call without messages cannot be told from a chat. */
export function channelOf(messages: readonly Message[], drift: Drift): Content['channel'] {
  const known = messages.map((message) => look(messageChannels, message.channel, 'messages[].channel', drift));
  return known.find((channel) => channel !== null) ?? 'unknown';
}

/** A message with what made it, null where it does not say, and who spoke: for a virtual agent that is the bot. */
export function speakerOf(message: Message, drift: Drift): { source: Source | null; role: ParticipantRole } {
  const source = look(sources, message.source_system, 'messages[].source_system', drift);
  const role = look(roles, message.participant, 'messages[].participant', drift) ?? 'unknown';
  return { source, role: role === 'agent' && source === 'VA' ? 'bot' : role };
}

import type { Participant } from './participant.ts';

/**
 * Most keys under which one conversation is found: beyond them, in the order of its participants, it is found by other
 * filters only. No call or meeting comes near; a broadcast with thousands of listeners must not cost a write for each.
 */
export const mostParticipantKeys = 100;

/** Stands in the place of all keys beyond these, so that an erasure finds the conversations to look into. Nobody's own. */
export const beyondKey = '\u0000beyond';

/** Digits that a number with its country code has (E.164), and as many as it has where no `+` says that it is one. */
const digitsOfPhone = { least: 5, leastUnmarked: 8, most: 15 };

/**
 * What a participant's phone, e-mail or id and a caller's text for it have in common: an e-mail in lower case, a phone as
 * E.164, anything else as it stands. A leading blank is a `+` that came unencoded in a query; `00` stands for `+`. One
 * form for all three, so that a caller need not say which it is and one key finds it.
 */
export function participantKey(text: string): string {
  const trimmed = text.trim();
  if (trimmed.includes('@')) return trimmed.toLowerCase();
  return phoneKey(text.startsWith(' ') ? `+${trimmed}` : trimmed) ?? trimmed;
}

/** A number in its own country's form, with a `0` before it, has no country code to be told: its digits stand for it. */
function phoneKey(text: string): string | null {
  if (!/^\+?[\d\s()./-]+$/.test(text)) return null;
  const isMarked = /^(\+|00)/.test(text);
  const digits = text.replace('(0)', '').replaceAll(/\D/g, '').replace(/^00/, '');
  const least = isMarked ? digitsOfPhone.least : digitsOfPhone.leastUnmarked;
  if (digits.length < least || digits.length > digitsOfPhone.most) return null;
  return digits.startsWith('0') ? digits : `+${digits}`;
}

/** The keys under which a conversation of these participants is found. */
export function participantKeys(participants: readonly Participant[]): string[] {
  const keys = allParticipantKeys(participants);
  return keys.length > mostParticipantKeys ? [...keys.slice(0, mostParticipantKeys), beyondKey] : keys;
}

/** The distinct keys of these participants. */
export function allParticipantKeys(participants: readonly Participant[]): string[] {
  const keys = participants
    .flatMap(({ phone, email, id }) => [phone, email, id])
    .flatMap((text) => (text === null ? [] : [participantKey(text)]))
    .filter((key) => key !== '');
  return [...new Set(keys)];
}

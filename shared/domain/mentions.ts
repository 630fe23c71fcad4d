import { participantKey } from './participant-key.ts';

/** Digits of a phone that are told apart from other numbers, wherever they stand in a text. */
const leastDigits = 7;

/**
 * Whether raw bytes, JSON or any text, mention a participant by its key: as a value of their own, or for a phone and an
 * e-mail anywhere in a text, however the phone is grouped.
 */
export function mentions(raw: string, participant: string): boolean {
  const isWithin = withinText(participant);
  const isValue = (text: string): boolean => isWithin(text) || participantKey(text) === participant;
  try {
    return valuesOf(JSON.parse(raw)).some(isValue);
  } catch {
    return isValue(raw);
  }
}

function withinText(participant: string): (text: string) => boolean {
  if (participant.includes('@')) return (text) => text.toLowerCase().includes(participant);
  const digits = participant.replace(/^\+/, '');
  if (!/^\d+$/.test(digits) || digits.length < leastDigits) return () => false;
  const grouped = new RegExp(`(?<!\\d)${[...digits].join('[\\s()./-]{0,3}')}(?!\\d)`);
  return (text) => grouped.test(text.replaceAll('(0)', ''));
}

/** Every text and number of a JSON value, names of fields included. */
function valuesOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value === 'number') return [String(value)];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => [name, ...valuesOf(inner)]);
}

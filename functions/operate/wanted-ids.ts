import { conversationUuid } from '#shared/domain/identity.ts';
import { mostNamed, type RedriveRequest } from '#shared/domain/operation-redrive.ts';

/** What a dead letter is known by. */
export type LetterNames = {
  /** conversations that it is about, by id or uuid */
  conversations: readonly string[];
  /** its other names: of the message, of the operation, of the delivery */
  others: readonly string[];
};

const uuidPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** A conversation's uuid, whichever of its two names is given. */
export const uuidOf = (name: string): string => (uuidPattern.test(name) ? name.toLowerCase() : conversationUuid(name));

/** Whether a redrive wants a dead letter of these names; every one where the request names none. */
export function redriveFilter({ ids }: Pick<RedriveRequest, 'ids'>): (names: LetterNames) => boolean {
  if (!ids) return () => true;
  const conversations = new Set(ids.map(uuidOf));
  const others = new Set(ids);
  return (names) =>
    names.conversations.some((name) => conversations.has(uuidOf(name))) ||
    names.others.some((name) => others.has(name));
}

/** The conversations of a result with those of one more letter, as many as a result names. */
export const withNames = (named: readonly string[], { conversations }: LetterNames): string[] =>
  [...new Set([...named, ...conversations])].slice(0, mostNamed);

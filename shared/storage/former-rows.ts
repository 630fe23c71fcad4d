import { isDeepStrictEqual } from 'node:util';
import type { StoredConversation } from '#shared/domain/conversation.ts';
import { participantKeys } from '#shared/domain/participant-key.ts';
import { type ConversationItem, formerOf, startKey, unpackRecord } from './conversation-item.ts';
import { hashLength, participantHash, type RowKey, rowKey } from './participant-rows.ts';

/**
 * Where a conversation was found by participant before and is no more. A marker stands there for a while, which nothing of
 * the record leads to any more; an erasure removes it by this list: `<hash><startedAt or ->`, a blank between two.
 */
const most = 200;

/** The list with what the next version loses. The oldest are left out first: their markers go by themselves. */
export function withFormerRows(known: string, before: StoredConversation, after: StoredConversation): string {
  const isSame = before.startedAt === after.startedAt && isDeepStrictEqual(before.participants, after.participants);
  if (isSame) return known;
  const now = new Set(placesOf(after));
  const places = [...known.split(' ').filter((place) => place !== ''), ...placesOf(before)];
  return [...new Set(places)]
    .filter((place) => !now.has(place))
    .slice(-most)
    .join(' ');
}

const placesOf = ({ participants, startedAt }: StoredConversation): string[] =>
  participantKeys(participants).map((key) => `${participantHash(key)}${startedAt ?? '-'}`);

/** The keys of every row and marker of a conversation, by its item. */
export function rowKeysOf(item: ConversationItem): RowKey[] {
  const conversation = unpackRecord(item);
  const { connection, uuid } = conversation;
  const former = formerOf(item)
    .split(' ')
    .filter((place) => place !== '');
  return [...placesOf(conversation), ...former].map((place) => {
    const start = place.slice(hashLength);
    return rowKey(connection, place.slice(0, hashLength), startKey({ startedAt: start === '-' ? null : start, uuid }));
  });
}

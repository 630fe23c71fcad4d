import type { StoredConversation } from '#shared/domain/conversation.ts';
import { conversationUuid } from '#shared/domain/identity.ts';
import { type ConversationItem, unpackRecord } from '#shared/storage/conversation-item.ts';
import { getItem } from '#shared/storage/conversations.ts';
import { isTombstone } from '#shared/storage/tombstones.ts';
import { maySee } from '../access/access.ts';
import type { Caller } from '../access/clients.ts';
import type { Call } from '../call.ts';
import { notFound } from '../http/problem.ts';

export type Found = { item: ConversationItem; conversation: StoredConversation };

const uuidPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The table's key of a conversation named by id or uuid. An id is hashed, so no text of a caller can reach another key. */
export const uuidOf = (idOrUuid: string): string =>
  uuidPattern.test(idOrUuid) ? idOrUuid.toLowerCase() : conversationUuid(idOrUuid);

/** The conversation of an item, or null where the caller may not see it or it is there no more. */
export function visible(caller: Caller, item: ConversationItem): Found | null {
  if (isTombstone(item)) return null;
  const conversation = unpackRecord(item);
  return maySee(caller, conversation.connection) ? { item, conversation } : null;
}

/** What the path names. Throws the one 404 for what does not exist and for what the caller may not see. */
export async function findConversation({ lookup, caller, request }: Call): Promise<Found> {
  const item = await getItem(lookup.store, uuidOf(request.params['id'] ?? ''));
  const found = item && visible(caller, item);
  if (!found) throw notFound('conversation');
  return found;
}

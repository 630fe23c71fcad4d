import type { StoredConversation } from '#shared/domain/conversation.ts';
import { conversationId } from '#shared/domain/identity.ts';
import { itemAttributes as a, tableKeys } from '#shared/facts/table.ts';
import type { ConversationItem } from './conversation-item.ts';
import { unpack } from './pack.ts';

/**
 * What `unpackRecord` gives, without its check of every field, which is more than half of the work: for a walk that looks
 * at a hundred thousand rows to sort and count them. What is shown of them is read anew and checked.
 */
export function glanceAtRecord(item: ConversationItem): StoredConversation {
  const bytes = item[a.record];
  if (!(bytes instanceof Uint8Array)) throw new TypeError('row holds no packed record');
  const rest = JSON.parse(unpack(bytes, 'record'));
  const id = conversationId(rest.connection, rest.externalId);
  // The first layout was written without files.
  return {
    media: [],
    files: [],
    ...rest,
    id,
    uuid: String(item[tableKeys.partition]),
    version: Number(item[a.version]),
  };
}

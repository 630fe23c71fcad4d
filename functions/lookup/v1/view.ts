import type { Conversation, StoredConversation } from '#shared/domain/conversation.ts';
import type { Caller } from '../access/clients.ts';
import type { Lookup } from '../lookup.ts';
import { present } from './present.ts';

/** A stored conversation as this caller sees it now. */
export function viewOf(lookup: Lookup, caller: Caller, stored: StoredConversation): Conversation {
  const connection = lookup.file.connections.find(({ id }) => id === stored.connection);
  return present(stored, { connection, content: caller.can.has('content'), now: lookup.now() });
}

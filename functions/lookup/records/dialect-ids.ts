import type { ProviderName, StoredConversation } from '#shared/domain/conversation.ts';
import { conversationId, conversationUuid } from '#shared/domain/identity.ts';
import { tableKeys } from '#shared/facts/table.ts';
import { conversationKey } from '#shared/storage/conversation-item.ts';
import { batchGet } from '#shared/storage/conversations.ts';
import type { Call } from '../call.ts';
import { type Found, visible } from './find-conversation.ts';
import { visibleConnections } from './visible-connections.ts';

/** The id under which a dialect shows a conversation: its provider's own, else our uuid. */
export const dialectIdOf = (provider: ProviderName, conversation: StoredConversation): string =>
  conversation.provider === provider ? conversation.externalId : conversation.uuid;

const uuidPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Keys that one BatchGetItem takes. */
const batchLimit = 100;

/**
 * What a dialect finds by its ids: the provider's own id in any connection that the caller may see, or our uuid. Both are
 * direct keys, so that nothing is searched. What does not exist or may not be seen is not in the map.
 */
export async function findByDialectIds(
  call: Call,
  provider: ProviderName,
  ids: readonly string[],
): Promise<Map<string, Found>> {
  const connections = (await visibleConnections(call)).filter((one) => one.provider === provider);
  const keysOf = (id: string): string[] => [
    ...connections.map((connection) => conversationUuid(conversationId(connection.id, id))),
    ...(uuidPattern.test(id) ? [id.toLowerCase()] : []),
  ];
  const wanted = [...new Set(ids.flatMap(keysOf))];
  const found = new Map<string, Found>();
  for (let i = 0; i < wanted.length; i += batchLimit) {
    const keys = wanted.slice(i, i + batchLimit).map(conversationKey);
    for (const item of await batchGet(call.lookup.store, keys, null)) {
      const one = visible(call.caller, item);
      if (one) found.set(String(item[tableKeys.partition]), one);
    }
  }
  return new Map(
    ids.flatMap((id) => {
      const one = keysOf(id)
        .map((key) => found.get(key))
        .find((each) => each !== undefined);
      return one ? [[id, one] as const] : [];
    }),
  );
}

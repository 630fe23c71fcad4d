import type { StoredConversation } from '#shared/domain/conversation.ts';
import { unpackRecord } from './conversation-item.ts';
import type { Store } from './document-client.ts';
import { rangesBehind } from './key-ranges.ts';
import { mergeRows } from './merge-rows.ts';
import { rowSource } from './row-source.ts';

/** Most index rows that one page may read. */
export const mostRows = 1_000;

export type ListRequest = {
  index: 'byStart' | 'byUpdate';
  order: 'asc' | 'desc';
  /** partitions of the index: a connection that is not named is not read */
  connections: readonly string[];
  /** only what is found under this phone, e-mail or id, by rows of its own; with `byStart` */
  participant?: string | undefined;
  /** bounds of the index's instant as ISO text, `from` included, `to` excluded; with one of them nulls are out */
  from?: string | undefined;
  to?: string | undefined;
  /** position of the page before: the sort key of its last row */
  after: string | null;
  /** 1 or more */
  limit: number;
  /** what the index cannot select; absent where it selects all */
  matches?: ((conversation: StoredConversation) => boolean) | undefined;
};

export type ConversationPage = {
  conversations: readonly StoredConversation[];
  /** `after` of the page behind; null where nothing is left */
  next: string | null;
};

/**
 * One page over a time index, nulls last in both orders. Sort keys (`<instant>#<uuid>`) are unique and compare across
 * connections, so the position in a merge of many partitions is one key. With a rare filter the page may be short, even
 * empty, while `next` is set. A conversation whose key is just moving may have a row at its old place and one at its new:
 * a page shows the greater version only.
 */
export async function listConversations(
  store: Pick<Store, 'documents' | 'table'>,
  request: ListRequest,
): Promise<ConversationPage> {
  const { order, connections, limit, matches } = request;
  const source = rowSource(request);
  const found = new Map<string, StoredConversation>();
  const page = (): readonly StoredConversation[] => [...found.values()];
  let next = request.after;
  let read = 0;
  for (const range of rangesBehind(request)) {
    if (read > 0 && mostRows - read < connections.length) return { conversations: page(), next };
    const rows = mergeRows(store, {
      ...{ source, order, range, wanted: limit - found.size },
      ...{ filtered: matches !== undefined, mostRows: mostRows - read },
    });
    while (found.size < limit) {
      const row = await rows.next();
      if (row === null) break;
      next = row.key;
      const conversation = unpackRecord(row.item);
      keepNewer(found, conversation, matches?.(conversation) ?? true);
    }
    if (await rows.more()) return { conversations: page(), next };
    read += rows.read();
  }
  return { conversations: page(), next: null };
}

/** A newer version takes the older one's place in the page, or its right to one where it is not `wanted`. */
function keepNewer(found: Map<string, StoredConversation>, conversation: StoredConversation, wanted: boolean): void {
  const { uuid, version } = conversation;
  const known = found.get(uuid);
  if (known && known.version >= version) return;
  // Behind the rows before it: that is where this version stands.
  found.delete(uuid);
  if (wanted) found.set(uuid, conversation);
}

import type { StoredConversation } from '#shared/domain/conversation.ts';
import { itemAttributes as a, tableKeys, tombstoneAttributes } from '#shared/facts/table.ts';
import { conversationKey, unpackRecord } from './conversation-item.ts';
import { batchGet } from './conversations.ts';
import type { Store } from './document-client.ts';
import { type ListRequest, listConversations, mostRows } from './list-conversations.ts';
import { compareRanks, type Rank, type RankedBy, type RankPosition, rankOf } from './rank.ts';
import { isTombstone } from './tombstones.ts';

/** A list over rows in the order of the start that is sorted by something else. */
export type RankRequest = Omit<ListRequest, 'index' | 'after'> & {
  by: RankedBy;
  position: RankPosition | null;
  /** the whole filter: what is read again may have left the range */
  matches?: ListRequest['matches'];
};

export type RankedPage = {
  conversations: readonly StoredConversation[];
  /** `position` of the page behind; null where nothing is left */
  next: RankPosition | null;
};

/**
 * One page of a list that no index has in its order: looks at every row of the range, at most 1,000 a call, and keeps the
 * best in its position. A call that does not come to the end gives an empty page and where to go on; the one that does
 * gives the page, which is read as it is by then, where not from rows of this call. The next page begins anew behind it.
 */
export async function rankConversations(
  store: Pick<Store, 'documents' | 'table'>,
  { by, order, position, ...request }: RankRequest,
): Promise<RankedPage> {
  const { scanned = null, behind = null, best: known = [] } = position ?? {};
  // What was left out of the best of a smaller page is not known any more.
  const limit = scanned === null || !position ? request.limit : Math.min(request.limit, position.limit);
  const rows = await listConversations(store, {
    ...{ ...request, index: 'byStart', order: 'desc' },
    ...{ after: scanned, limit: mostRows },
  });
  const seen = new Map(rows.conversations.map((one) => [one.uuid, one]));
  const ranks = [
    ...known.filter(({ uuid }) => !seen.has(uuid)),
    ...rows.conversations.map((one) => rankOf(one, by)).filter((rank) => isBehind(rank, behind, order)),
  ];
  const best = ranks.sort((a, b) => compareRanks(a, b, order)).slice(0, limit + 1);
  if (rows.next !== null) return { conversations: [], next: { scanned: rows.next, limit, behind, best } };
  const page = best.slice(0, limit);
  const next = best.length > limit ? { scanned: null, limit, behind: page.at(-1) ?? null, best: [] } : null;
  return { conversations: await conversationsOf(store, page, seen, request), next };
}

const isBehind = (rank: Rank, behind: Rank | null, order: 'asc' | 'desc'): boolean =>
  behind === null || compareRanks(rank, behind, order) > 0;

/** What earlier calls looked at is read again with one batch, and left out where it does not match any more. */
async function conversationsOf(
  store: Pick<Store, 'documents' | 'table'>,
  page: readonly Rank[],
  seen: ReadonlyMap<string, StoredConversation>,
  { connections, matches }: Pick<ListRequest, 'connections' | 'matches'>,
): Promise<StoredConversation[]> {
  const keys = page.filter(({ uuid }) => !seen.has(uuid)).map(({ uuid }) => conversationKey(uuid));
  const items = await batchGet(store, keys, [tableKeys.partition, a.record, a.version, tombstoneAttributes.end]);
  const present = items.filter((item) => !isTombstone(item));
  const read = new Map(present.map((item) => [String(item[tableKeys.partition]), unpackRecord(item)]));
  return page.flatMap(({ uuid }) => {
    const again = read.get(uuid);
    if (!again) return seen.get(uuid) ?? [];
    return connections.includes(again.connection) && (matches?.(again) ?? true) ? [again] : [];
  });
}

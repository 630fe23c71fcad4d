import { tableKeys } from '#shared/facts/table.ts';
import { conversationKey } from '#shared/storage/conversation-item.ts';
import { batchGet } from '#shared/storage/conversations.ts';
import type { Call } from '../call.ts';
import type { Lookup } from '../lookup.ts';
import { type Found, visible } from '../records/find-conversation.ts';

/** How long the order of a list is remembered after it was asked for: a client pages on within seconds. */
const lifeMs = 10_000;
/** Lists and keys that one instance remembers; a key needs about 100 bytes. */
const mostLists = 16;
const mostKeys = 300_000;

type List = { uuids: readonly string[]; until: number };

const remembered = new WeakMap<Lookup, Map<string, List>>();

export type ListPlace = {
  /** what tells this list from others of the caller, as JSON text */
  name: string;
  offset: number;
  limit: number;
};

export type ListedPage = { found: readonly Found[]; total: number };

/**
 * One page of a walked list. A page behind the first is taken from the list as it was a few seconds ago, so that rows do
 * not move while somebody pages and nothing is walked twice; the first page is always read anew. `limit` is at most 100.
 */
export async function listedPage(
  call: Call,
  { name, offset, limit }: ListPlace,
  load: () => Promise<readonly string[]>,
): Promise<ListedPage> {
  const uuids = await orderOf(call, name, offset > 0, load);
  const wanted = uuids.slice(offset, offset + limit);
  const items = await batchGet(call.lookup.store, wanted.map(conversationKey), null);
  const byUuid = new Map(items.map((item) => [String(item[tableKeys.partition]), visible(call.caller, item)]));
  return { found: wanted.flatMap((uuid) => byUuid.get(uuid) ?? []), total: uuids.length };
}

async function orderOf(
  { lookup, caller }: Call,
  name: string,
  mayBeOlder: boolean,
  load: () => Promise<readonly string[]>,
): Promise<readonly string[]> {
  const lists = remembered.get(lookup) ?? new Map<string, List>();
  remembered.set(lookup, lists);
  const key = JSON.stringify([caller.id, caller.connections && [...caller.connections], name]);
  const known = lists.get(key);
  if (mayBeOlder && known && lookup.now() < known.until) return known.uuids;
  const uuids = await load();
  lists.delete(key);
  lists.set(key, { uuids, until: lookup.now() + lifeMs });
  forget(lists, lookup.now());
  return uuids;
}

/** Drops what is too old, then the oldest until the rest is small enough. */
function forget(lists: Map<string, List>, now: number): void {
  let keys = 0;
  for (const [key, { uuids, until }] of [...lists].reverse()) {
    keys += uuids.length;
    if (until <= now || keys > mostKeys) lists.delete(key);
  }
  for (const key of [...lists.keys()].slice(0, Math.max(0, lists.size - mostLists))) lists.delete(key);
}

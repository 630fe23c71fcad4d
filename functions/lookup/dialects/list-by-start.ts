import type { StoredConversation } from '#shared/domain/conversation.ts';
import { formatInstant } from '#shared/domain/instant.ts';
import { startOf } from '#shared/providers/start-of.ts';
import { type ConversationPage, listConversations } from '#shared/storage/list-conversations.ts';
import type { Call } from '../call.ts';
import { visibleConnections } from '../records/visible-connections.ts';

export type StartList = {
  /** starts from `from` to `to`, both included (milliseconds since 1970) */
  from: number;
  to: number;
  /** `next` of the page before */
  after: string | null;
  /** 1 or more */
  limit: number;
  matches?: ((conversation: StoredConversation) => boolean) | undefined;
};

/** Index keys of rows without a start: `-#<uuid>`. */
const undated = { from: '-', to: '.' } as const;

/**
 * One page, by start, of all that the caller may see. What has no start comes behind the others, where the dialect shows
 * it (`startOf`): a client that asks for windows would find it in none of them otherwise.
 */
export async function listByStart(call: Call, list: StartList): Promise<ConversationPage> {
  const { from, to, after, limit, matches } = list;
  const connections = (await visibleConnections(call)).map(({ id }) => id);
  const common = { index: 'byStart', order: 'asc', connections } as const;
  const { store } = call.lookup;
  const isBehind = after?.startsWith(undated.from) ?? false;
  const span = { from: formatInstant(from), to: formatInstant(to + 1) };
  const page: ConversationPage = isBehind
    ? { conversations: [], next: null }
    : await listConversations(store, { ...common, ...span, after, limit, matches });
  if (page.next !== null) return page;
  const left = limit - page.conversations.length;
  // One that is just getting its start may stand at both places.
  const shown = new Set(page.conversations.map(({ uuid }) => uuid));
  const isInSpan = (conversation: StoredConversation): boolean => {
    const start = startOf(conversation);
    return !shown.has(conversation.uuid) && start >= span.from && start < span.to && (matches?.(conversation) ?? true);
  };
  const place = { after: isBehind ? after : null, limit: Math.max(1, left), matches: isInSpan };
  const rest = await listConversations(store, { ...common, ...undated, ...place });
  // A full page looks ahead, so that no empty one follows it.
  const isMore = rest.conversations.length > 0 || rest.next !== null;
  if (left === 0) return { conversations: page.conversations, next: isMore ? undated.from : null };
  return { conversations: [...page.conversations, ...rest.conversations], next: rest.next };
}

import type { StoredConversation } from '#shared/domain/conversation.ts';
import { unpackRecord } from './conversation-item.ts';
import type { Store } from './document-client.ts';
import { type KeyRange, mergeRows } from './merge-rows.ts';

/** Most index rows that one page may read. */
export const mostRows = 1_000;

export type ListRequest = {
  index: 'byStart' | 'byUpdate';
  order: 'asc' | 'desc';
  /** partitions of the index: a connection that is not named is not read */
  connections: readonly string[];
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
 * empty, while `next` is set.
 */
export async function listConversations(
  store: Pick<Store, 'documents' | 'table'>,
  request: ListRequest,
): Promise<ConversationPage> {
  const { index, order, connections, limit, matches } = request;
  const conversations: StoredConversation[] = [];
  let next = request.after;
  let read = 0;
  for (const range of rangesBehind(request)) {
    if (read > 0 && mostRows - read < connections.length) return { conversations, next };
    const rows = mergeRows(store, {
      ...{ index, order, connections, range, wanted: limit - conversations.length },
      ...{ filtered: matches !== undefined, mostRows: mostRows - read },
    });
    while (conversations.length < limit) {
      const row = await rows.next();
      if (row === null) break;
      next = row.key;
      const conversation = unpackRecord(row.item);
      if (matches?.(conversation) ?? true) conversations.push(conversation);
    }
    if (await rows.more()) return { conversations, next };
    read += rows.read();
  }
  return { conversations, next: null };
}

/** Keys of rows with an instant begin with a digit, which stand between `/` and `:`. */
const dated: KeyRange = { above: '/', below: ':' };
/** A row without a start has the key `-#<uuid>`; `.` follows `-`. */
const undated: KeyRange = { above: '-', below: '.' };
/** Read downwards, undated rows come last by themselves. */
const all: KeyRange = { above: undated.above, below: dated.below };

/** What is left to read behind `after`, in reading order. */
function rangesBehind({ index, order, from, to, after }: ListRequest): KeyRange[] {
  const bounded = from !== undefined || to !== undefined || index === 'byUpdate';
  if (bounded) return narrowed({ above: from ?? dated.above, below: to ?? dated.below }, order, after);
  if (order === 'desc') return narrowed(all, order, after);
  return after?.startsWith('-') ? narrowed(undated, order, after) : [...narrowed(dated, order, after), undated];
}

function narrowed({ above, below }: KeyRange, order: 'asc' | 'desc', after: string | null): KeyRange[] {
  const range = {
    above: order === 'asc' && after !== null && after > above ? after : above,
    below: order === 'desc' && after !== null && after < below ? after : below,
  };
  return range.above < range.below ? [range] : [];
}

import { effect, signal } from '@preact/signals';
import { type Filters, writeFilters } from '../address/filters.ts';
import type { Conversation, ConversationPage } from '../api/answers.ts';
import { ask, askAgain } from '../api/ask.ts';
import { session } from '../api/session.ts';
import { mergeRows, orderOf } from './merge-rows.ts';

/** Rows that one request brings. */
const pageRows = 50;

/** One answer that is at hand: where it was asked for, and what it covers. */
type Page = { path: string; etag: string | null; after: Conversation | null; until: Conversation | null };

export type List = {
  /** the filters as a query */
  query: string;
  /** null until the first answer */
  rows: readonly Conversation[] | null;
  pages: readonly Page[];
  nextCursor: string | null;
  /** rows that came or changed while the list was looked at */
  fresh: ReadonlySet<string>;
};

const emptyList = (query: string): List => ({ query, rows: null, pages: [], nextCursor: null, fresh: new Set() });

/** The list that was shown last: it is at hand when somebody comes back from a conversation. */
export const list = signal<List>(emptyList(''));

const pathOf = (query: string, cursor: string | null): string => {
  const parameters = new URLSearchParams(query);
  parameters.set('limit', String(pageRows));
  if (cursor !== null) parameters.set('cursor', cursor);
  return `/v1/conversations?${parameters}`;
};

/** What one client saw is not shown to the next. */
effect(() => {
  if (!session.value) list.value = emptyList('');
});

/** The page that is read again behind the first one, in turn. */
let turn = 0;

/** Begins a list, or reads its first page again and one of the others: what has not changed costs a 304. */
export async function refresh(filters: Filters, signal: AbortSignal): Promise<void> {
  const query = writeFilters(filters);
  if (list.value.query !== query || list.value.rows === null) list.value = emptyList(query);
  await readPage(filters, 0, signal);
  const others = list.value.pages.length - 1;
  if (others <= 0 || list.value.query !== query) return;
  turn += 1;
  await readPage(filters, 1 + (turn % others), signal);
}

async function readPage(filters: Filters, number: number, signal: AbortSignal): Promise<void> {
  const query = writeFilters(filters);
  const known = list.value.pages[number];
  const path = known?.path ?? pathOf(query, null);
  const answer = await askAgain<ConversationPage>(path, { etag: known?.etag ?? null, signal });
  const now = list.value;
  if (!answer || now.query !== query) return;
  const { conversations, nextCursor } = answer.value;
  const isLast = number >= now.pages.length - 1;
  const page: Page = {
    ...{ path, etag: answer.etag, after: known?.after ?? null },
    until: nextCursor === null ? null : (conversations.at(-1) ?? known?.until ?? null),
  };
  const rows = mergeRows(now.rows ?? [], conversations, page, orderOf(filters));
  list.value = {
    ...{ query, rows, pages: now.pages.length === 0 ? [page] : now.pages.with(number, page) },
    // With more pages behind it, the way on starts where the last one ends.
    nextCursor: isLast && now.pages.length <= 1 ? nextCursor : now.nextCursor,
    fresh: now.rows === null ? new Set() : changedIn(now.rows, conversations),
  };
}

function changedIn(rows: readonly Conversation[], fresh: readonly Conversation[]): Set<string> {
  const versions = new Map(rows.map(({ uuid, version }) => [uuid, version]));
  return new Set(fresh.filter(({ uuid, version }) => versions.get(uuid) !== version).map(({ uuid }) => uuid));
}

/** Adds the next page. A list may be short of rows while there is more behind it. */
export async function readOn(filters: Filters): Promise<void> {
  const { query, nextCursor } = list.value;
  if (nextCursor === null) return;
  const path = pathOf(query, nextCursor);
  const { conversations, nextCursor: next } = await ask<ConversationPage>(path);
  const now = list.value;
  if (now.query !== query || now.nextCursor !== nextCursor) return;
  const after = now.pages.at(-1)?.until ?? null;
  const page: Page = { path, etag: null, after, until: next === null ? null : (conversations.at(-1) ?? after) };
  const rows = mergeRows(now.rows ?? [], conversations, page, orderOf(filters));
  list.value = { ...now, rows, pages: [...now.pages, page], nextCursor: next, fresh: new Set() };
}

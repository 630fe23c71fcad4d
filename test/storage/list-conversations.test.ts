import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { StoredConversation } from '#shared/domain/conversation.ts';
import { conversationUuid } from '#shared/domain/identity.ts';
import { formatInstant } from '#shared/domain/instant.ts';
import { type ConversationItem, packConversation } from '#shared/storage/conversation-item.ts';
import { putVersion } from '#shared/storage/conversations.ts';
import { countConversations } from '#shared/storage/count-rows.ts';
import { documentsOver, type Store } from '#shared/storage/document-client.ts';
import { type ListRequest, listConversations, mostRows } from '#shared/storage/list-conversations.ts';
import { type TestDynamodb, testDynamodb } from '#test/support/dynamodb.ts';
import { indexModel } from '#test/support/index-model.ts';
import { contentOf, epoch, recordOf } from '#test/support/records.ts';

let database: TestDynamodb;
let store: Store;
/** what each query asked for and got: the meter of rows read */
let queries: { limit: number; rows: number }[] = [];

beforeAll(async () => {
  database = await testDynamodb();
  const documents = documentsOver(database.client);
  documents.middlewareStack.add(
    (next) => async (args) => {
      const answer = await next(args);
      const output = answer.output as { Items?: unknown[] };
      if (output.Items) queries.push({ limit: (args.input as { Limit: number }).Limit, rows: output.Items.length });
      return answer;
    },
    { step: 'initialize' },
  );
  store = { documents, table: database.table } as Store;
});
afterAll(() => database.close());

/** One conversation in a connection, `startedAt` and `updatedAt` in seconds behind `epoch`. */
async function stored(
  connection: string,
  externalId: string,
  startedAt: number | null,
  updatedAt: number,
): Promise<StoredConversation> {
  const record = recordOf(externalId, {}, epoch, connection);
  const conversation = {
    ...record.conversation,
    startedAt: startedAt === null ? null : formatInstant(epoch + startedAt * 1_000),
    updatedAt: formatInstant(epoch + updatedAt * 1_000),
    channel: externalId.endsWith('c') ? ('chat' as const) : ('voice' as const),
  };
  await putVersion(store, { conversation, transcript: null }, 0);
  return conversation;
}

/** All pages of a list, and how many there were. */
async function walk(
  request: Omit<ListRequest, 'after'>,
  from: Store = store,
): Promise<{ ids: string[]; pages: number; shortBeforeEnd: number }> {
  const ids: string[] = [];
  let after: string | null = null;
  let pages = 0;
  let shortBeforeEnd = 0;
  do {
    const page = await listConversations(from, { ...request, after });
    ids.push(...page.conversations.map(({ id }) => id));
    after = page.next;
    pages += 1;
    if (after !== null && page.conversations.length < request.limit) shortBeforeEnd += 1;
  } while (after !== null && pages < 500);
  return { ids, pages, shortBeforeEnd };
}

/** The same list, by sorting everything. */
function oracle(all: readonly StoredConversation[], request: Omit<ListRequest, 'after'>): string[] {
  const instant = (one: StoredConversation) => (request.index === 'byStart' ? one.startedAt : one.updatedAt);
  const chosen = all.filter((one) => {
    const at = instant(one);
    if (!request.connections.includes(one.connection) || !(request.matches?.(one) ?? true)) return false;
    if (request.from !== undefined && (at === null || at < request.from)) return false;
    return request.to === undefined || (at !== null && at < request.to);
  });
  const key = (one: StoredConversation) => `${instant(one) ?? ''}#${one.uuid}`;
  const compare = (a: StoredConversation, b: StoredConversation): number => {
    if ((instant(a) === null) !== (instant(b) === null)) return instant(a) === null ? 1 : -1;
    return (key(a) < key(b) ? -1 : 1) * (request.order === 'asc' ? 1 : -1);
  };
  return chosen.toSorted(compare).map(({ id }) => id);
}

describe('pages of a list', () => {
  const connections = ['alpha', 'beta', 'gamma', 'empty'];
  const all: StoredConversation[] = [];

  beforeAll(async () => {
    // Few instants, so that many rows tie; nulls; one connection far larger than the others.
    for (let i = 0; i < 60; i += 1) {
      const connection = i % 10 === 0 ? 'beta' : i % 15 === 1 ? 'gamma' : 'alpha';
      all.push(
        await stored(connection, `${i}${i % 4 === 0 ? 'c' : ''}`, i % 7 === 3 ? null : (i * 37) % 11, (i * 53) % 17),
      );
    }
  });

  const second = fc.integer({ min: -1, max: 18 }).map((seconds) => formatInstant(epoch + seconds * 1_000));
  const request = fc.record({
    index: fc.constantFrom('byStart' as const, 'byUpdate' as const),
    order: fc.constantFrom('asc' as const, 'desc' as const),
    connections: fc.subarray(connections),
    from: fc.option(second, { nil: undefined }),
    to: fc.option(second, { nil: undefined }),
    limit: fc.integer({ min: 1, max: 30 }),
    matches: fc.constantFrom(undefined, (one: StoredConversation) => one.channel === 'chat'),
  });

  test('together are what sorting everything gives, each row once', async () => {
    await fc.assert(
      fc.asyncProperty(request, async (given) => {
        const { ids, shortBeforeEnd } = await walk(given);
        expect(ids).toEqual(oracle(all, given));
        expect(shortBeforeEnd).toBe(0);
      }),
      { numRuns: 150, seed: 2 },
    );
  });

  test('have no empty last page', async () => {
    for (const order of ['asc', 'desc'] as const) {
      const expected = oracle(all, { index: 'byStart', order, connections, limit: 1 });
      for (const limit of [1, 2, 5, 60]) {
        const { ids, pages } = await walk({ index: 'byStart', order, connections, limit });
        expect(ids).toEqual(expected);
        expect(pages).toBe(60 / limit);
      }
    }
  });

  test('cost one query with one connection, and hardly more rows than they return', async () => {
    queries = [];
    await listConversations(store, { index: 'byStart', order: 'desc', connections: ['alpha'], after: null, limit: 25 });
    expect(queries).toEqual([{ limit: 26, rows: 26 }]);
    queries = [];
    await listConversations(store, { index: 'byStart', order: 'desc', connections, after: null, limit: 25 });
    expect(queries.reduce((sum, { rows }) => sum + rows, 0)).toBeLessThanOrEqual(2 * 26);
  });

  test('leave rows of a connection that was not named unread', async () => {
    queries = [];
    const page = await listConversations(store, {
      index: 'byUpdate',
      order: 'asc',
      connections: ['gamma'],
      after: null,
      limit: 100,
    });
    const own = all.filter(({ connection }) => connection === 'gamma').length;
    expect(page.conversations).toHaveLength(own);
    expect(queries).toEqual([{ limit: 101, rows: own }]);
  });

  test('counts are those of a partition', async () => {
    const own = all.filter(({ connection }) => connection === 'alpha').length;
    expect(await countConversations(store, 'alpha')).toEqual({ count: own, queries: 1 });
    expect(await countConversations(store, 'empty')).toEqual({ count: 0, queries: 1 });
  });
});

/** The item of a conversation that is in no table. */
function item(connection: string, externalId: string, second: number): ConversationItem {
  const { conversation } = recordOf(externalId, {}, epoch, connection);
  const startedAt = formatInstant(epoch + second * 1_000);
  return packConversation({ conversation: { ...conversation, startedAt }, transcript: null }, Buffer.alloc(16), null);
}

test('a rare filter reads at most 1,000 rows, gives a short page and goes on', async () => {
  const items = Array.from({ length: 1_300 }, (_, i) => item('large', `${i}`, i));
  const model = indexModel(() => items);
  const request: Omit<ListRequest, 'after'> = {
    ...{ index: 'byStart', order: 'desc', connections: ['large'], limit: 10 },
    matches: (one) => one.externalId === '0',
  };
  const first = await listConversations(model, { ...request, after: null });
  expect(first).toEqual({ conversations: [], next: items[1_300 - mostRows]?.['st'] });
  const second = await listConversations(model, { ...request, after: first.next });
  expect(second.conversations.map(({ externalId }) => externalId)).toEqual(['0']);
  expect(second.next).toBeNull();
});

test.each(['asc', 'desc'] as const)(
  'more connections than rows allowed, %s: every page goes on, none is lost',
  async (order) => {
    const connections = Array.from({ length: 1_050 }, (_, i) => `many-${i}`);
    const items = [3, 500, 1_049].map((i) => item(`many-${i}`, `x${i}`, order === 'asc' ? i : -i));
    const { ids } = await walk(
      { index: 'byStart', order, connections, limit: 2 },
      indexModel(() => items),
    );
    expect(ids).toEqual(['many-3:x3', 'many-500:x500', 'many-1049:x1049']);
  },
);

test('a row carries the record as it was stored', async () => {
  const conversation = await stored('whole', 'a/b#ü', 5, 6);
  const page = await listConversations(store, {
    index: 'byUpdate',
    order: 'desc',
    connections: ['whole'],
    after: null,
    limit: 1,
  });
  expect(page).toEqual({ conversations: [conversation], next: null });
  expect(conversation.uuid).toBe(conversationUuid('whole:a%2Fb%23%C3%BC'));
  expect(conversation.participants).toEqual(contentOf().participants);
});

import { BatchGetCommand } from '@aws-sdk/lib-dynamodb';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { StoredConversation } from '#shared/domain/conversation.ts';
import { type ConversationFilter, matcherOf } from '#shared/domain/conversation-filter.ts';
import { formatInstant } from '#shared/domain/instant.ts';
import { type ConversationItem, packConversation } from '#shared/storage/conversation-item.ts';
import type { Store } from '#shared/storage/document-client.ts';
import { mostRows } from '#shared/storage/list-conversations.ts';
import { readRankPosition, writeRankPosition } from '#shared/storage/rank.ts';
import { type RankRequest, rankConversations } from '#shared/storage/rank-conversations.ts';
import { indexModel } from '#test/support/index-model.ts';
import { epoch, recordOf } from '#test/support/records.ts';

const template = recordOf('x', {}, epoch, 'large').conversation;
const ids = new Map<number, StoredConversation>();

/** The i-th conversation, one a second; few lengths, so that many tie, and some have none. */
function conversation(i: number): StoredConversation {
  const known = ids.get(i) ?? recordOf(`${i}`, {}, epoch, i % 3 === 0 ? 'other' : 'large').conversation;
  ids.set(i, known);
  const durationMs = i % 7 === 3 ? null : (i * 7_919) % 250;
  return { ...known, startedAt: formatInstant(epoch + i * 1_000), durationMs, channel: i % 5 === 0 ? 'chat' : 'voice' };
}
const itemOf = (one: StoredConversation): ConversationItem =>
  packConversation({ conversation: one, transcript: null }, Buffer.alloc(16), null);

/** The rows of these conversations, and what was asked for: rows of each query, keys of each batch. */
function model(conversations: readonly StoredConversation[]) {
  const items = new Map(conversations.map((one) => [one.uuid, itemOf(one)]));
  const { documents: rows } = indexModel(() => items.values());
  const asked = { queries: [] as number[], batches: [] as number[] };
  const send = async (command: Parameters<typeof rows.send>[0]) => {
    if (command instanceof BatchGetCommand) {
      const keys = command.input.RequestItems?.['model']?.Keys ?? [];
      asked.batches.push(keys.length);
      return { Responses: { model: keys.flatMap(({ pk }) => items.get(pk) ?? []) } };
    }
    const answer = await rows.send(command);
    asked.queries.push('Items' in answer ? (answer.Items?.length ?? 0) : 0);
    return answer;
  };
  return { store: { documents: { send }, table: 'model' } as unknown as Store, asked, items };
}

const window = { from: formatInstant(epoch), to: formatInstant(epoch + 10_000_000) };
const matchesOf = (filter: ConversationFilter = {}) =>
  matcherOf({ ...filter, startedFrom: window.from, startedTo: window.to });
type Asked = Omit<RankRequest, 'position' | 'connections'>;
const request = (given: Partial<Asked> = {}): Omit<RankRequest, 'position'> => ({
  ...{ by: 'durationMs', order: 'desc', limit: 100, connections: ['large', 'other'], ...window },
  ...{ matches: matchesOf(), ...given },
});

/** A page behind the position, which goes through a cursor's text. */
async function pageOf(store: Store, asked: Omit<RankRequest, 'position'>, after: string | null) {
  const page = await rankConversations(store, { ...asked, position: after === null ? null : readRankPosition(after) });
  return { ...page, next: page.next && writeRankPosition(page.next) };
}

function sorted(all: readonly StoredConversation[], order: 'asc' | 'desc'): string[] {
  const sign = order === 'asc' ? 1 : -1;
  return all
    .toSorted((a, b) => {
      if (a.durationMs === b.durationMs) return a.uuid < b.uuid ? -sign : sign;
      if (a.durationMs === null || b.durationMs === null) return a.durationMs === null ? 1 : -1;
      return sign * (a.durationMs - b.durationMs);
    })
    .map(({ id }) => id);
}

describe('a list by length', () => {
  it('of at most 1,000 rows is one look through them a page, and no second read', async () => {
    const all = Array.from({ length: 300 }, (_, i) => conversation(i));
    const { store, asked } = model(all);
    const pages: string[][] = [];
    for (let after: string | null = null, go = true; go; go = after !== null) {
      const page = await pageOf(store, request({ order: 'asc' }), after);
      pages.push(page.conversations.map(({ id }) => id));
      after = page.next;
    }
    expect(pages.map(({ length }) => length)).toEqual([100, 100, 100]);
    expect(pages.flat()).toEqual(sorted(all, 'asc'));
    expect(asked.batches).toEqual([]);
    expect(Math.max(...asked.queries)).toBeLessThan(300);
    expect(asked.queries.reduce((sum, rows) => sum + rows, 0)).toBe(3 * 300);
  });

  it('of more goes on by empty pages, 1,000 rows a call, and reads the page again with one batch', async () => {
    const all = Array.from({ length: 2_100 }, (_, i) => conversation(i));
    const { store, asked } = model(all);
    const first = await pageOf(store, request(), null);
    const second = await pageOf(store, request(), first.next);
    expect([first.conversations, second.conversations]).toEqual([[], []]);
    expect(asked.queries.reduce((sum, rows) => sum + rows, 0)).toBeLessThanOrEqual(2 * mostRows);
    expect(asked.batches).toEqual([]);
    expect(second.next?.length).toBeLessThan(3_000);
    const third = await pageOf(store, request(), second.next);
    expect(third.conversations.map(({ id }) => id)).toEqual(sorted(all, 'desc').slice(0, 100));
    expect(asked.batches).toHaveLength(1);
    expect(third.next).not.toBeNull();
  });

  it('leaves out what no longer matches when its page is read, and what the caller may see no more', async () => {
    const all = Array.from({ length: 1_100 }, (_, i) => conversation(i));
    const { store, items } = model(all);
    const first = await pageOf(store, request({ limit: 4 }), null);
    const expected = (await pageOf(store, request({ limit: 4 }), first.next)).conversations;
    const begun = await pageOf(store, request({ limit: 4 }), null);
    // Those that the second call does not look at: the scan goes from the latest start down.
    const early = expected.filter(({ startedAt }) => (startedAt ?? '') >= formatInstant(epoch + 500_000));
    const gone = early[0] ?? template;
    items.set(gone.uuid, itemOf({ ...gone, version: 2, startedAt: null }));
    const page = await pageOf(store, request({ limit: 4 }), begun.next);
    expect(early.length).toBeGreaterThan(0);
    expect(page.conversations).toEqual(expected.filter(({ uuid }) => uuid !== gone.uuid));
    const narrowed = { ...request({ limit: 4 }), connections: ['other'] };
    for (const one of (await pageOf(store, narrowed, begun.next)).conversations) expect(one.connection).toBe('other');
  });

  it('gives the same whatever the page size, the order and the filter, also where the page size changes', async () => {
    const all = Array.from({ length: 1_050 }, (_, i) => conversation(i));
    const { store } = model(all);
    const sizes = fc.array(fc.integer({ min: 20, max: 100 }), { minLength: 3, maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(sizes, fc.constantFrom('asc' as const, 'desc' as const), async (limits, order) => {
        const matches = matchesOf({ channel: 'chat' });
        const found: string[] = [];
        let after: string | null = null;
        for (let i = 0; i === 0 || after !== null; i += 1) {
          const limit = limits[i % 3] ?? 1;
          const page = await pageOf(store, request({ order, matches, limit }), after);
          expect(page.conversations.length).toBeLessThanOrEqual(limit);
          found.push(...page.conversations.map(({ id }) => id));
          after = page.next;
        }
        expect(found).toEqual(
          sorted(
            all.filter(({ channel }) => channel === 'chat'),
            order,
          ),
        );
      }),
      { numRuns: 2, seed: 1 },
    );
  });
});

it('a position is the same behind its text', () => {
  const uuid = fc.uuid({ version: 5 });
  const rank = fc.record({ value: fc.option(fc.nat(), { nil: null }), uuid });
  const position = fc.record({
    scanned: fc.option(fc.constantFrom('-#a', `${formatInstant(epoch)}#b`), { nil: null }),
    limit: fc.integer({ min: 1, max: 100 }),
    behind: fc.option(rank, { nil: null }),
    best: fc.array(rank, { maxLength: 5 }),
  });
  void fc.assert(
    fc.property(position, (given) => {
      expect(readRankPosition(writeRankPosition(given))).toEqual(given);
    }),
    { numRuns: 50 },
  );
});

import { describe, expect, it } from 'vitest';
import type { FakeRequest } from '#infra/local/fakes/exchange.ts';
import { repeatedRow } from '#infra/local/fakes/faults/answer-faults.ts';
import type { Fault } from '#infra/local/fakes/faults/fault.ts';
import { when } from '#infra/local/fakes/faults/fault.ts';
import { emptyPage, endlessPages, touchedOldest } from '#infra/local/fakes/faults/salesloft-pages.ts';
import {
  emptyPageWithNext,
  endlessCursors,
  expiredCursor,
  loopingCursor,
  oddNext,
  repeatedInteraction,
} from '#infra/local/fakes/faults/talkdesk-pages.ts';
import * as malformations from '#infra/local/fakes/malformations.ts';
import { recordText } from '#infra/local/fakes/raw-json.ts';
import { inventSalesloftWorld } from '#infra/local/fakes/salesloft/invent.ts';
import { salesloftDefaults } from '#infra/local/fakes/salesloft/settings.ts';
import { fakeSalesloft } from '#infra/local/fakes/salesloft/start.ts';
import { inventTalkdeskWorld } from '#infra/local/fakes/talkdesk/invent.ts';
import { talkdeskDefaults } from '#infra/local/fakes/talkdesk/settings.ts';
import { fakeTalkdesk } from '#infra/local/fakes/talkdesk/start.ts';
import { issueToken } from '#infra/local/fakes/token.ts';
import { getRequest, read } from './asking.ts';

const nowMs = Date.parse('2026-03-09T00:00:00Z');
const from = nowMs - 3 * 86_400_000;
const upTo = 12;

/** Reads pages until the last one, a cursor seen before, or `upTo` of them. */
function walk(ask: (query: string) => { rows: string[]; next: string | undefined }): {
  pages: string[][];
  queries: string[];
} {
  const pages: string[][] = [];
  const queries: string[] = [];
  let query: string | undefined = '';
  while (query !== undefined && !queries.includes(query) && pages.length < upTo) {
    queries.push(query);
    const { rows, next } = ask(query);
    pages.push(rows);
    query = next;
  }
  return { pages, queries };
}

describe('Salesloft', () => {
  const start = (
    fault: (world: ReturnType<typeof inventSalesloftWorld>) => Fault,
    condition: Parameters<typeof when>[0] = {},
  ) => {
    let now = nowMs;
    const world = inventSalesloftWorld('pages', from, nowMs - 3_600_000, 45);
    const fake = fakeSalesloft({ world, now: () => now, faults: [{ match: when(condition), fault: fault(world) }] });
    const ids = new Set(world.conversations.map(({ id }) => id));
    const read10 = () =>
      walk((page) => {
        now += 1_000;
        const query = `per_page=10&sort_by=updated_at&sort_direction=asc${page && `&page=${page}`}`;
        const { data, metadata } = read(
          fake.handle(getRequest('/v2/conversations', query, salesloftDefaults.apiKey)),
        ).body;
        return { rows: data.map(({ id }: { id: string }) => id), next: metadata.paging.next_page?.toString() };
      }).pages;
    return { ids, read10 };
  };

  it('has an empty page that still has a next, and loses no row by it', () => {
    const { ids, read10 } = start(() => emptyPage(2));
    const pages = read10();
    expect(pages.map((page) => page.length)).toEqual([10, 0, 10, 10, 10, 5]);
    expect(new Set(pages.flat())).toEqual(ids);
  });

  it('has pages without end', () => {
    expect(start(() => endlessPages()).read10()).toHaveLength(upTo);
  });

  it('shows a row on two pages', () => {
    const pages = start(() => repeatedRow('data')).read10();
    expect(pages[1]?.[0]).toBe(pages[0]?.at(-1));
    expect(pages.flat()).toHaveLength(45 + 4);
  });

  it('shifts pages while updated_at moves, so that reading by page number loses rows', () => {
    const { ids, read10 } = start((world) => touchedOldest(world, 3), { nth: [2, 3] });
    const seen = new Set(read10().flat());
    expect(ids.size - seen.size).toBeGreaterThan(0);
  });
});

describe('Talkdesk', () => {
  const token = issueToken({ expiresAtMs: nowMs * 2, scopes: talkdeskDefaults.scopes }, talkdeskDefaults.clientSecret);
  const world = inventTalkdeskWorld('pages', from, nowMs - 3_600_000, 45);
  const start = (fault: Fault, condition: Parameters<typeof when>[0] = {}) => {
    const settings = { pageSize: 10 };
    const fake = fakeTalkdesk({ world, now: () => nowMs, settings, faults: [{ match: when(condition), fault }] });
    const request = (query: string): FakeRequest => getRequest('/conversations/interactions', query, token);
    return { get: (query = '') => read(fake.handle(request(query))) };
  };
  const pagesOf = ({ get }: ReturnType<typeof start>) =>
    walk((query) => {
      const { _embedded, _links } = get(query).body;
      const next = _links.next && new URL(_links.next.href).search.slice(1);
      return { rows: _embedded.interactions.map(({ id }: { id: string }) => id), next };
    });

  it('has a cursor that loops, at once or after some pages', () => {
    expect(pagesOf(start(loopingCursor(1))).pages).toHaveLength(2);
    expect(pagesOf(start(loopingCursor(3))).pages).toHaveLength(4);
  });

  it('has cursors without end', () => {
    const { queries } = pagesOf(start(endlessCursors()));
    expect(new Set(queries).size).toBe(upTo);
  });

  it.each([[[1]], [[3]], [[1, 2, 4]]])('has empty pages with a next at %o, and loses no row by it', (nth) => {
    const { pages } = pagesOf(start(emptyPageWithNext(), { nth }));
    expect(pages).toHaveLength(5 + nth.length);
    for (const number of nth) expect(pages[number - 1]).toEqual([]);
    expect(new Set(pages.flat()).size).toBe(45);
  });

  it('shows an interaction on two pages', () => {
    const { pages } = pagesOf(start(repeatedInteraction()));
    expect(pages[1]?.[0]).toBe(pages[0]?.at(-1));
  });

  it('has odd next links and cursors that expire', () => {
    for (const next of [null, {}, { href: '' }, { href: 'http://elsewhere.example/?cursor=x' }]) {
      expect(start(oddNext(next)).get().body._links.next).toEqual(next);
    }
    expect(start(expiredCursor()).get()).toMatchObject({ status: 400, body: { fields: [{ name: 'cursor' }] } });
  });
});

describe('malformations', () => {
  const record = { id: 'a', title: 'b', duration: 3, messages: [] };
  const parsed = (malformed: Record<string, string | null>): Record<string, unknown> =>
    JSON.parse(recordText(record, malformed));

  it('write what they say', () => {
    expect(parsed(malformations.missing('id'))).not.toHaveProperty('id');
    expect(parsed(malformations.nullFor('messages'))['messages']).toBeNull();
    expect(parsed(malformations.emptyText('id'))['id']).toBe('');
    expect(parsed(malformations.numberAsText('duration'))['duration']).toBe('1834');
    expect(parsed(malformations.textAsNumber('title'))['title']).toBe(1834);
    expect(parsed(malformations.hugeInteger('duration'))['duration']).toBeGreaterThan(2 ** 53);
    expect(String(parsed(malformations.loneSurrogate('title'))['title']).isWellFormed()).toBe(false);
    expect(parsed(malformations.newValue('title'))['title']).toBe('never_seen_before');
    expect(parsed(malformations.duplicateKey('title'))['title']).toBe('second');
    expect(parsed(malformations.unknownField())).toHaveProperty('brand_new_field');
    expect(Object.hasOwn(parsed(malformations.prototypeKey()), '__proto__')).toBe(true);
    expect(() => parsed(malformations.notANumber('duration'))).toThrow(SyntaxError);
    expect(String(parsed(malformations.hugeText('title'))['title'])).toHaveLength(10 * 1024 * 1024);
    expect(recordText(record, malformations.depthBomb('messages'))).toContain('['.repeat(100_000));
  });

  it('leave the other fields alone', () => {
    expect(parsed(malformations.missing('id'))).toEqual({ title: 'b', duration: 3, messages: [] });
    expect(recordText(record)).toBe(JSON.stringify(record));
  });
});

import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { channels, directions, type StoredConversation } from '#shared/domain/conversation.ts';
import { formatInstant } from '#shared/domain/instant.ts';
import type { Store } from '#shared/storage/document-client.ts';
import type { TestDynamodb } from '#test/support/dynamodb.ts';
import { epoch } from '#test/support/records.ts';
import { lookupOver, openTable, store as put, type TestLookup } from './lookup-harness.ts';

let database: TestDynamodb;
let store: Store;
let lookup: TestLookup;
let token: string;
const clock = { now: epoch + 600_000 };
const all: StoredConversation[] = [];

beforeAll(async () => {
  ({ database, store } = await openTable());
  lookup = lookupOver(store, clock);
  token = await lookup.token('crm');
  for (let i = 0; i < 40; i += 1) {
    const sales = i % 3 === 0;
    all.push(
      await put(store, sales ? 'sales' : 'support', `${i}`, {
        provider: sales ? 'salesloft' : 'talkdesk',
        channel: channels[i % 2] ?? 'voice',
        direction: directions[i % 3] ?? 'inbound',
        startedAt: i % 9 === 4 ? null : formatInstant(epoch + ((i * 7) % 10) * 1_000),
        updatedAt: formatInstant(epoch + ((i * 11) % 13) * 1_000),
      }),
    );
  }
  // Not settled yet: no list by `updatedAt` may show it.
  all.push(await put(store, 'support', 'young', { updatedAt: formatInstant(clock.now - 9_999) }));
});
afterAll(() => database.close());

const faults = async (query: string): Promise<unknown> => {
  const answer = await lookup.get(`/v1/conversations?${query}`, token);
  return [answer.status, answer.json().fields?.map((field) => field.name)];
};

type Query = Record<string, string | undefined>;
const write = (query: Query) =>
  Object.entries(query)
    .flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${encodeURIComponent(value)}`]))
    .join('&');

/** What a list must give, by looking at every record. */
function oracle(query: Query): string[] {
  const {
    connection,
    provider,
    channel,
    direction,
    startedFrom,
    startedTo,
    updatedSince,
    sort = 'startedAt',
    order = 'desc',
  } = query;
  const at = (one: StoredConversation) => (sort === 'startedAt' ? one.startedAt : one.updatedAt);
  const chosen = all.filter(
    (one) =>
      (connection === undefined || one.connection === connection) &&
      (provider === undefined || one.provider === provider) &&
      (channel === undefined || one.channel === channel) &&
      (direction === undefined || one.direction === direction) &&
      (startedFrom === undefined || (one.startedAt !== null && one.startedAt >= startedFrom)) &&
      (startedTo === undefined || (one.startedAt !== null && one.startedAt < startedTo)) &&
      (updatedSince === undefined || one.updatedAt >= updatedSince) &&
      (sort === 'startedAt' || one.updatedAt < formatInstant(clock.now - 10_000)),
  );
  const sign = order === 'asc' ? 1 : -1;
  return chosen
    .toSorted((a, b) => {
      if ((at(a) === null) !== (at(b) === null)) return at(a) === null ? 1 : -1;
      return sign * (`${at(a)}#${a.uuid}` < `${at(b)}#${b.uuid}` ? -1 : 1);
    })
    .map(({ id }) => id);
}

test('every filter, sort and page size gives what looking at every record gives', async () => {
  const instant = fc.integer({ min: -1, max: 14 }).map((seconds) => formatInstant(epoch + seconds * 1_000));
  const maybe = (value: fc.Arbitrary<string>) => fc.option(value, { nil: undefined, freq: 2 });
  const query = fc.record({
    connection: maybe(fc.constantFrom('support', 'sales', 'paused', 'none')),
    provider: maybe(fc.constantFrom('talkdesk', 'salesloft', 'vonage')),
    channel: maybe(fc.constantFrom('voice', 'chat', 'sms')),
    direction: maybe(fc.constantFrom('inbound', 'internal')),
    startedFrom: maybe(instant),
    startedTo: maybe(instant),
    updatedSince: maybe(instant),
    sort: maybe(fc.constantFrom('startedAt', 'updatedAt')),
    order: maybe(fc.constantFrom('asc', 'desc')),
    limit: maybe(fc.constantFrom('1', '7', '100')),
  });
  await fc.assert(
    fc.asyncProperty(query, async (given) => {
      const ids: string[] = [];
      let cursor: string | undefined;
      do {
        const answer = await lookup.get(`/v1/conversations?${write({ ...given, cursor })}`, token);
        expect(answer.status).toBe(200);
        const page = answer.json();
        expect(page.conversations.length).toBeLessThanOrEqual(Number(given.limit ?? 25));
        ids.push(...page.conversations.map((one) => one.id));
        cursor = page.nextCursor ?? undefined;
      } while (cursor !== undefined);
      expect(ids).toEqual(oracle(given));
    }),
    { numRuns: 120, seed: 11 },
  );
});

const names = [
  'connection',
  'provider',
  'channel',
  'direction',
  'startedFrom',
  'startedTo',
  'updatedSince',
  'sort',
  'order',
  'limit',
  'cursor',
];

test.each(names)(
  '%s: empty, repeated, huge, with control characters or of another kind is a 400 that names it',
  async (name) => {
    const good: Query = {
      connection: 'support',
      provider: 'talkdesk',
      channel: 'voice',
      direction: 'inbound',
      sort: 'startedAt',
      order: 'asc',
      limit: '5',
    };
    const value = encodeURIComponent(good[name] ?? formatInstant(epoch));
    const wrong = [
      '',
      '=',
      `=${value}&${name}=${value}`,
      `=${'9'.repeat(20_000)}`,
      `=${value}%00`,
      '=%0d%0aX:1',
      '=%ff',
      '=[object]',
      '=-1',
      '=null',
      '=%F0%9F%98%80',
    ];
    for (const text of wrong) {
      if (name === 'connection' && (text === '=-1' || text === '=null')) continue;
      expect(await faults(`${name}${text}`), text).toEqual([400, [name]]);
    }
  },
);

test('wrong instants, limits and unknown names', async () => {
  for (const text of [
    'yesterday',
    '2026-03-02',
    '2026-03-02T09:14:07',
    '2026-02-30T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-03-02T25:00:00Z',
    '1767225600000',
    '9999-12-31T23:59:59-10:00',
    '0000-01-01T00:00:00+01:00',
  ]) {
    expect(await faults(`startedFrom=${encodeURIComponent(text)}`), text).toEqual([400, ['startedFrom']]);
  }
  for (const text of ['0', '101', '1.5', '1e1', ' 5', '05', '0x10'])
    expect(await faults(`limit=${text}`), text).toEqual([400, ['limit']]);
  expect(await faults('foo=1&__proto__=2&constructor=3&limit=0')).toEqual([
    400,
    expect.arrayContaining(['limit', 'foo', '__proto__', 'constructor']),
  ]);
  expect(await faults(`${'x'.repeat(1_000)}=1`)).toEqual([400, ['x'.repeat(64)]]);
  expect(await faults(Array.from({ length: 70 }, (_, i) => `p${i}=1`).join('&'))).toEqual([400, ['query']]);
});

test('an instant may carry a zone, its plus encoded or not', async () => {
  for (const text of [
    '2026-11-02T10:00:03+01:00',
    '2026-11-02T10%3A00%3A03%2B01%3A00',
    '2026-11-02T09:00:03.000Z',
    '2026-11-02T09:00:03Z',
  ]) {
    const page = (await lookup.get(`/v1/conversations?limit=100&startedFrom=${text}`, token)).json();
    expect(page.conversations.map((one) => one.id)).toEqual(oracle({ startedFrom: formatInstant(epoch + 3_000) }));
  }
});

test('no error repeats a value', async () => {
  const secret = 'Jane Doe +1 555 0100';
  for (const name of names) {
    const answer = await lookup.get(`/v1/conversations?${name}=${encodeURIComponent(secret)}`, token);
    expect(answer.text).not.toContain('Jane');
  }
});

test('any query answers with 200 or 400', async () => {
  const piece = fc.oneof(
    fc.constantFrom(...names),
    fc.string({ unit: 'binary', maxLength: 8 }).map((text) => encodeURIComponent(text.toWellFormed())),
    fc.constantFrom('&', '=', '%', '%zz', '+', '#', 'ids', 'include'),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 8 }), async (pieces) => {
      expect([200, 400]).toContain((await lookup.get(`/v1/conversations?${pieces.join('')}`, token)).status);
    }),
    { numRuns: 150, seed: 3 },
  );
});

test('a cursor is good for its client, its query and 24 hours, and for nothing else', async () => {
  const own = { now: clock.now };
  const timed = lookupOver(store, own);
  const crm = await timed.token('crm');
  const first = (await timed.get('/v1/conversations?limit=3&sort=updatedAt', crm)).json();
  const cursor = first.nextCursor ?? '';
  const status = async (query: string, bearer = crm) => {
    const answer = await timed.get(`/v1/conversations?${query}`, bearer);
    if (answer.status === 400) expect(answer.json().fields.map((field) => field.name)).toEqual(['cursor']);
    return answer.status;
  };
  const next = (await timed.get(`/v1/conversations?limit=3&sort=updatedAt&cursor=${cursor}`, crm)).json();
  expect([...first.conversations, ...next.conversations].map((one) => one.id)).toEqual(
    oracle({ sort: 'updatedAt' }).slice(0, 6),
  );
  expect(await status(`limit=5&sort=updatedAt&order=desc&cursor=${cursor}`)).toBe(200);
  expect(await status(`sort=updatedAt&cursor=${cursor}`, 'token.with.dots')).toBe(400);
  expect(await status(`sort=updatedAt&cursor=${cursor}`, await timed.token('reader'))).toBe(400);
  for (const query of [
    '',
    'sort=startedAt&',
    'sort=updatedAt&order=asc&',
    'sort=updatedAt&channel=voice&',
    'sort=updatedAt&connection=support&',
  ]) {
    expect(await status(`${query}cursor=${cursor}`), query).toBe(400);
  }
  for (let i = 0; i < cursor.length; i += 1) {
    const other = cursor[i] === 'A' ? 'B' : 'A';
    expect(await status(`sort=updatedAt&cursor=${cursor.slice(0, i)}${other}${cursor.slice(i + 1)}`), `${i}`).toBe(400);
  }
  for (const text of [cursor.slice(1), cursor.slice(0, -1), `${cursor}A`, `${cursor}=`, cursor.slice(0, 20)])
    expect(await status(`sort=updatedAt&cursor=${text}`)).toBe(400);
  own.now += 24 * 3_600_000;
  const later = await timed.token('crm');
  expect(await status(`sort=updatedAt&cursor=${cursor}`, later)).toBe(200);
  own.now += 1;
  expect(await status(`sort=updatedAt&cursor=${cursor}`, later)).toBe(400);
});

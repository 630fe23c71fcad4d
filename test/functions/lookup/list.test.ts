import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { StoredConversation } from '#shared/domain/conversation.ts';
import { formatInstant } from '#shared/domain/instant.ts';
import { epoch } from '#test/support/records.ts';
import { all } from './listed-conversations.ts';
import { lookupOver } from './lookup-harness.ts';
import { clock, get, store } from './lookup-table.ts';

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
        const answer = await get(`/v1/conversations?${write({ ...given, cursor })}`);
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

test('an instant may carry a zone, its plus encoded or not', async () => {
  for (const text of [
    '2026-11-02T10:00:03+01:00',
    '2026-11-02T10%3A00%3A03%2B01%3A00',
    '2026-11-02T09:00:03.000Z',
    '2026-11-02T09:00:03Z',
  ]) {
    const page = (await get(`/v1/conversations?limit=100&startedFrom=${text}`)).json();
    expect(page.conversations.map((one) => one.id)).toEqual(oracle({ startedFrom: formatInstant(epoch + 3_000) }));
  }
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

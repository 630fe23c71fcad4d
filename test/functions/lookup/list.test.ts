import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { StoredConversation } from '#shared/domain/conversation.ts';
import { formatInstant } from '#shared/domain/instant.ts';
import { epoch } from '#test/support/records.ts';
import { all, setUpListedConversations } from './listed-conversations.ts';
import { lookupOver } from './lookup-harness.ts';
import { clock, get, store } from './lookup-table.ts';

setUpListedConversations();

type Query = Record<string, string | undefined>;
const write = (query: Query) =>
  Object.entries(query)
    .flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${encodeURIComponent(value)}`]))
    .join('&');

/** Each filter by itself, in the plainest words. */
const filters: Readonly<Record<string, (one: StoredConversation, text: string) => boolean>> = {
  connection: (one, text) => one.connection === text,
  provider: (one, text) => one.provider === text,
  channel: (one, text) => one.channel === text,
  direction: (one, text) => one.direction === text,
  language: (one, text) => one.language?.toUpperCase() === text.toUpperCase(),
  participant: (one, text) => (whoIs[text] ?? []).some((key) => namesOf(one).includes(key)),
  titlePrefix: (one, text) => one.title?.slice(0, text.length).toUpperCase() === text.toUpperCase(),
  startedFrom: (one, text) => one.startedAt !== null && one.startedAt >= text,
  startedTo: (one, text) => one.startedAt !== null && one.startedAt < text,
  updatedSince: (one, text) => one.updatedAt >= text,
  minDurationMs: (one, text) => one.durationMs !== null && one.durationMs >= Number(text),
  maxDurationMs: (one, text) => one.durationMs !== null && one.durationMs <= Number(text),
  minSentiment: (one, text) => (one.sentiment?.score ?? -9) >= Number(text),
  maxSentiment: (one, text) => (one.sentiment?.score ?? 9) <= Number(text),
  category: (one, text) => one.categories.some(({ group, name }) => [name, `${group}/${name}`].includes(text)),
  artifact: (one, text) => Object.entries(one.artifacts).some(([kind, { state }]) => `${kind}:${state}` === text),
};

/** What a caller may write for a person, and how the records name that person. */
const phone = ['+44 1632 960-111', '+441632960111', '00441632960111'];
const mail = ['Ann@Example.com', 'ann@example.com', 'ANN@EXAMPLE.COM'];
const whoIs: Readonly<Record<string, readonly string[]>> = {
  '+441632960111': phone,
  ' 44 (1632) 960111': phone,
  '441632960111': phone,
  'aNN@example.COM': mail,
  '2071': ['2071'],
  'agent:7/é': ['agent:7/é'],
  '020 7946 0000': ['(020) 7946 0000'],
  rare: ['rare'],
  nobody: [],
};
const namesOf = (one: StoredConversation) =>
  one.participants.flatMap(({ phone, email, id }) => [phone, email, id].filter((text) => text !== null));

/** What a list must give, by looking at every record. */
function oracle(query: Query): string[] {
  const { sort = 'startedAt', order = 'desc' } = query;
  const at = (one: StoredConversation) => one[sort as 'startedAt' | 'updatedAt' | 'durationMs'];
  const sign = order === 'asc' ? 1 : -1;
  return all
    .filter((one) => Object.entries(filters).every(([name, test]) => !query[name] || test(one, query[name])))
    .filter((one) => sort !== 'updatedAt' || one.updatedAt < formatInstant(clock.now - 10_000))
    .toSorted((a, b) => {
      const [first, second] = [at(a), at(b)];
      if (first === null || second === null) {
        if (first !== second) return first === null ? 1 : -1;
      } else if (first !== second) return sign * (first < second ? -1 : 1);
      return sign * (a.uuid < b.uuid ? -1 : 1);
    })
    .map(({ id }) => id);
}

const instant = fc.integer({ min: -1, max: 14 }).map((seconds) => formatInstant(epoch + seconds * 1_000));
const some = (...values: string[]) => fc.constantFrom(...values);
const asked: Record<string, fc.Arbitrary<string>> = {
  connection: some('support', 'sales', 'paused', 'none'),
  provider: some('talkdesk', 'salesloft', 'vonage'),
  channel: some('voice', 'chat', 'sms'),
  direction: some('inbound', 'internal'),
  language: some('en-gb', 'DE', 'fr'),
  participant: some(...Object.keys(whoIs)),
  titlePrefix: some('refund', 'REFUND OF ä', 'refund 100%', 'x'),
  startedFrom: instant,
  startedTo: instant,
  updatedSince: instant,
  minDurationMs: some('0', '1', '60000', '61501'),
  maxDurationMs: some('0', '59999', '61500'),
  minSentiment: some('-1', '-0.25', '0', '.4', '1'),
  maxSentiment: some('-1', '-0.25', '0', '0.50', '1'),
  category: some('polite', 'Tone/polite', 'tone/polite', 'Tone'),
  artifact: some('transcript:pending', 'transcript:ready', 'media:a:b:absent', 'media:a:absent'),
  sort: some('startedAt', 'updatedAt', 'durationMs'),
  order: some('asc', 'desc'),
  limit: some('8', '23', '100'),
};

/** A few of them together: with many, nothing would be found. */
const query = fc
  .tuple(
    fc.subarray(Object.keys(asked).slice(0, -3), { maxLength: 3 }),
    fc.subarray(['sort', 'order', 'limit']),
    fc.record(asked),
  )
  .map(([names, shape, values]): Query => {
    const chosen = Object.fromEntries([...names, ...shape].map((name) => [name, values[name]]));
    if (chosen['sort'] !== 'durationMs') return chosen;
    return { startedFrom: formatInstant(epoch), startedTo: formatInstant(epoch + 31 * 86_400_000), ...chosen };
  });

async function walked(given: Query): Promise<string[]> {
  const ids: string[] = [];
  let cursor: string | undefined;
  do {
    const answer = await get(`/v1/conversations?${write({ ...given, cursor })}`);
    expect(answer.status, answer.text).toBe(200);
    const page = answer.json();
    const limit = Number(given['limit'] ?? 25);
    expect(page.conversations.length).toBeLessThanOrEqual(limit);
    if (page.nextCursor !== null) expect(page.conversations).toHaveLength(limit);
    ids.push(...page.conversations.map((one) => one.id));
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  return ids;
}

test('every filter, sort and page size gives what looking at every record gives', async () => {
  let found = 0;
  await fc.assert(
    fc.asyncProperty(query, async (given) => {
      const expected = oracle(given);
      found += expected.length > 0 ? 1 : 0;
      expect(await walked(given)).toEqual(expected);
    }),
    { numRuns: 80, seed: 11 },
  );
  expect(found).toBeGreaterThan(50);
});

test('each filter alone, over all that it may ask', async () => {
  for (const [name, values] of Object.entries(asked)) {
    if (['sort', 'order', 'limit'].includes(name)) continue;
    for (const value of new Set(fc.sample(values, { numRuns: 12, seed: 7 })))
      expect(await walked({ [name]: value, limit: '100' }), `${name}=${value}`).toEqual(oracle({ [name]: value }));
  }
});

test('a limited client finds a participant in its own connections only', async () => {
  const page = (await get('/v1/conversations?limit=100&participant=%2B441632960111', 'limited')).json();
  const own = oracle({ participant: '+441632960111', connection: 'support' });
  expect(page.conversations.map(({ id }) => id)).toEqual(own);
  expect(own.length).toBeLessThan(oracle({ participant: '+441632960111' }).length);
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

test('a page that is still the same costs no body, though its cursor is sealed anew', async () => {
  const target = '/v1/conversations?limit=3';
  const first = await get(target);
  const etag = first.headers['etag'] ?? '';
  expect(etag).toMatch(/^W\/"[\w-]{22}"$/);
  expect((await get(target)).json().nextCursor).not.toBe(first.json().nextCursor);
  const again = await get(target, undefined, { 'if-none-match': etag });
  expect([again.status, again.text, again.headers['etag']]).toEqual([304, '', etag]);
  expect((await get('/v1/conversations?limit=4', undefined, { 'if-none-match': etag })).status).toBe(200);
});

import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { dialectIdOf } from '#functions/lookup/records/dialect-ids.ts';
import { identify } from '#shared/domain/identity.ts';
import { formatInstant } from '#shared/domain/instant.ts';
import { epoch, recordOf } from '#test/support/records.ts';
import { ask as askWith, put, readings, recordFrom, setUpDialectWorld, world } from './dialect-world.ts';
import type { HttpCall } from './lookup-harness.ts';
import { fileBytes } from './provider-world.ts';

setUpDialectWorld();

const v3 = 'application/vnd.newvoicemedia.v3+json';
type Ask = HttpCall & { client?: string; accept?: string };
const ask = (target: string, { accept = v3, headers, ...call }: Ask = {}) =>
  askWith(target, { ...call, headers: { accept, ...headers } });
/** The fields that some answer has. */
type Body = { guid: string; items: { guid: string }[]; meta: { nextContinuationToken: string | null } } & Record<
  string,
  unknown
>;
const get = async (target: string, call?: Ask) => {
  const answer = await ask(target, call);
  return { ...answer, body: JSON.parse(answer.text) as Body };
};

const analyzer = '/conversation-analyzer/interactions';
const content = '/interaction-content/interactions';
const seed = '0164705c-c206-dce9-d61a-9899855326a0';
const fixture = JSON.parse(
  readFileSync(new URL('../../fixtures/vonage/interactions.seed.json', import.meta.url), 'utf8'),
).exchange;
const window = 'start=2026-11-01T00:00:00Z&end=2026-11-07T00:00:00Z';

/** ten conversations of one minute each, of two connections, newest stored first */
beforeAll(async () => {
  for (let i = 9; i >= 0; i -= 1) {
    const connection = i % 2 === 0 ? 'support' : 'sales';
    const { conversation } = recordOf(`many-${i}`, {}, epoch, connection);
    const provider = i % 2 === 0 ? ('talkdesk' as const) : ('salesloft' as const);
    const person = { id: null, role: 'customer' as const, name: null, phone: `+44163296011${i}`, email: null };
    const agent = { ...person, id: `agent-${i % 3}`, role: 'agent' as const, phone: null };
    await put({
      conversation: {
        ...conversation,
        ...identify(provider, connection, `many-${i}`),
        direction: i < 5 ? 'inbound' : 'outbound',
        startedAt: formatInstant(epoch + 86_400_000 + i * 60_000),
        participants: [person, agent],
      },
      transcript: null,
    });
  }
});

describe('analyses', () => {
  test('give the seed page’s own answer, with the text only where it is asked for', async () => {
    const { status, headers, body } = await get(`${analyzer}?calls=${seed}&transcript=true`);
    expect(status).toBe(200);
    expect(headers['content-type']).toBe(v3);
    expect(body).toEqual(fixture[1].body);
    expect(readings).toEqual([{ client: 'all', conversation: `support-emea:${seed}`, kind: 'transcript' }]);
    const [expected] = fixture[1].body;
    expect((await get(`${analyzer}?calls=${seed}`)).body).toEqual([{ ...expected, transcript: null }]);
    expect((await get(`${analyzer}/${seed}?transcript=TRUE`)).body).toEqual(expected);
    expect(readings).toHaveLength(2);
  });

  test('come in the order asked, each once under the GUID as asked, unknown ones left out', async () => {
    const foreign = recordFrom('magpipe').conversation;
    const nobody = '018f2a10-77aa-4c31-9c0e-5d1f6f0b2a01';
    const asked = [foreign.uuid.toUpperCase(), nobody, seed, seed];
    const { body } = await get(`${analyzer}?calls=${asked.join(',')},&unknown=1`);
    expect(body).toMatchObject([{ guid: foreign.uuid.toUpperCase() }, { guid: seed }]);
    const uuid = recordFrom('vonage', ({ externalId }) => externalId === seed).conversation.uuid;
    expect((await get(`${analyzer}/${uuid}`)).body).toMatchObject({ guid: uuid, status: 'processed' });
  });

  test.each([
    ['?calls=', 400],
    ['?transcript=true', 400],
    ['?calls=,', 400],
    [`?calls=${seed}&calls=${seed}`, 400],
    [`?calls=${seed}&transcript=yes`, 400],
    [`?calls=${Array.from({ length: 51 }, () => seed).join(',')}`, 400],
    [`?calls=${'a'.repeat(9_000)}`, 404],
    [`?calls=${seed},not-a-guid`, 404],
    ['?calls=%00%0A', 404],
    ['/not-a-guid', 404],
    ['/%23%2F%00', 404],
    ['/018f2a10-77aa-4c31-9c0e-5d1f6f0b2a01', 404],
    ['/%E0%A4%A', 400],
    ['/a/b', 404],
  ])('refuse %s with %d', async (target, status) => {
    const answer = await get(analyzer + target);
    expect(answer.status).toBe(status);
    expect(answer.body).toEqual({ message: expect.any(String) });
  });

  test('need a version', async () => {
    for (const [accept, code] of [
      ['application/json', 'ApiVersionUnspecified'],
      ['*/*', 'ApiVersionUnspecified'],
      ['application/vnd.newvoicemedia.v4+json', 'UnsupportedApiVersion'],
      ['application/vnd.newvoicemedia.v999999999999+json', 'ApiVersionUnspecified'],
    ] as const) {
      const { status, body } = await get(`${analyzer}?calls=${seed}`, { accept });
      expect([status, body]).toEqual([400, { error: { code, message: expect.any(String), innerError: null } }]);
      expect((await get(`${content}/${seed}`, { accept })).body).toEqual({ message: expect.any(String) });
    }
    const v1 = await get(`${analyzer}?calls=${seed}`, { accept: 'application/vnd.newvoicemedia.v1+json' });
    expect(v1.headers['content-type']).toBe('application/vnd.newvoicemedia.v1+json');
    expect(v1.body).toMatchObject([{ categories: [{ category: 'Politeness', subcategories: ['Greeting'] }] }]);
  });

  test('need the scope for what is said', async () => {
    expect((await ask(`${analyzer}?calls=${seed}`, { client: 'reader' })).status).toBe(200);
    const refused = await get(`${analyzer}?calls=${seed}&transcript=true`, { client: 'reader' });
    expect([refused.status, refused.body]).toEqual([403, { message: expect.any(String) }]);
    expect((await ask(`${analyzer}?calls=${seed}`, { client: 'recordings' })).status).toBe(403);
    expect((await get(`${analyzer}?calls=${seed}`, { client: 'limited' })).body).toEqual([]);
    expect((await get(`${analyzer}/${seed}`, { client: 'limited' })).status).toBe(404);
    const anonymous = await get(analyzer, { headers: { authorization: '' } });
    expect([anonymous.status, anonymous.body]).toEqual([401, { message: expect.any(String) }]);
    expect((await ask(analyzer, { method: 'POST' })).status).toBe(405);
  });
});

describe('interactions', () => {
  const guidsOf = (body: Body) => body.items.map(({ guid }) => guid);
  const many = () => world.filter(({ conversation }) => conversation.externalId.startsWith('many-'));
  const ids = () =>
    many()
      .toReversed()
      .map(({ conversation }) => dialectIdOf('vonage', conversation));

  test('are those of the seed pages, as they were sent but for their files’ lengths', async () => {
    const { body } = await get(`${content}?start=2026-03-02T00:00:00Z&end=2026-03-03T00:00:00Z`);
    const sent = fixture[0].body.items;
    const own = body.items.filter(({ guid }) => sent.some((one: { guid: string }) => one.guid === guid));
    expect(own).toHaveLength(sent.length);
    for (const [i, { content: files, ...item }] of sent.entries()) {
      expect(own[i]).toMatchObject(item);
      const lengths = files.map((file: object) => ({
        ...file,
        contentLength: fileBytes.length,
        lastModified: expect.any(String),
      }));
      expect(Object.values(own[i] ?? {})).toContainEqual(expect.arrayContaining(lengths));
    }
    expect((await get(`${content}/${seed}`)).body).toEqual(own.find(({ guid }) => guid === seed));
  });

  test('come page by page, whatever stands in a page, bound to query and client', async () => {
    const pages: string[][] = [];
    let token: string | null = null;
    do {
      const page: { body: Body } = await get(
        `${content}?${window}&limit=4${token ? `&continuationToken=${token}` : ''}`,
      );
      pages.push(guidsOf(page.body));
      token = page.body.meta.nextContinuationToken;
    } while (token !== null);
    expect(pages.flat().slice(-11, -1)).toEqual(ids());
    expect(new Set(pages.flat()).size).toBe(pages.flat().length);
    // Behind those with a start stands the one without, where it was first seen.
    expect(pages.flat().at(-1)).toBe(
      recordFrom('salesloft', ({ externalId }) => externalId === 'undated').conversation.uuid,
    );
    const { nextContinuationToken: next } = (await get(`${content}?${window}&limit=1`)).body.meta;
    expect((await ask(`${content}?${window}&limit=9&continuationToken=${next}`)).status).toBe(200);
    for (const other of [`${window}&direction=inbound`, window.replace('11-07', '11-06')]) {
      const refused = await get(`${content}?${other}&continuationToken=${next}`);
      expect([refused.status, refused.body]).toEqual([400, { message: expect.stringContaining('continuationToken') }]);
    }
    expect((await ask(`${content}?${window}&continuationToken=${next}`, { client: 'reader' })).status).toBe(400);
  });

  test('that just fill a page have no token behind them, unless one without a start follows', async () => {
    const tokenOf = async (limit: number, client: string) => {
      const { body } = await get(`${content}?start=2026-11-02T00:00:00Z&end=2026-11-04T00:00:00Z&limit=${limit}`, {
        client,
      });
      return [body.items.length, body.meta.nextContinuationToken === null];
    };
    expect(await tokenOf(11, 'all')).toEqual([11, true]);
    expect(await tokenOf(10, 'all')).toEqual([10, false]);
    const { body } = await get(`${content}?start=2026-11-03T00:00:00Z&end=2026-11-04T00:00:00Z&limit=10`);
    expect([body.items.length, body.meta.nextContinuationToken]).toEqual([10, null]);
  });

  test.each<[string, (i: number) => boolean]>([
    ['direction=inbound', (i) => i < 5],
    ['direction=outbound', (i) => i >= 5],
    ['handlingAgentId=agent-1', (i) => i % 3 === 1],
    ['connectFrom=%2B441632960113', (i) => i === 3],
    ['connectFrom=+44163296011', (i) => i < 5],
    ['connectTo=%2B441632960119', (i) => i === 9],
    ['connectTo=%2B44&direction=inbound', () => false],
  ])('are filtered by %s', async (filter, fits) => {
    const { body } = await get(`${content}?start=2026-11-03T00:00:00Z&end=2026-11-04T00:00:00Z&${filter}`);
    expect(guidsOf(body)).toEqual(ids().filter((_, i) => fits(i)));
  });

  test.each([
    ['', 'start'],
    ['start=2026-11-01T00:00:00Z', 'end'],
    ['start=yesterday&end=2026-11-01', 'start'],
    ['start=2026-02-30&end=2026-03-01', 'start'],
    ['start=2026-11-02&end=2026-11-01', 'end'],
    ['start=2026-11-01T00:00:00Z&end=2026-11-08T00:00:00.001Z', 'end'],
    [`${window}&limit=0`, 'limit'],
    [`${window}&limit=1001`, 'limit'],
    [`${window}&limit=1e2`, 'limit'],
    [`${window}&direction=up`, 'direction'],
    [`${window}&direction=inbound&direction=inbound`, 'direction'],
    [`${window}&connectFrom=`, 'connectFrom'],
    [`${window}&connectTo=${'4'.repeat(51)}`, 'connectTo'],
    [`${window}&continuationToken=abc`, 'continuationToken'],
    [`${window}&continuationToken=${'a'.repeat(2_000)}`, 'continuationToken'],
    [`${window}&start=%00`, 'start'],
  ])('are refused where the query is %j', async (query, name) => {
    const { status, body } = await get(`${content}?${query}`);
    expect([status, body]).toEqual([400, { message: expect.stringContaining(name) }]);
  });

  test('of exactly seven days, of days alone and with unknown parameters are fine', async () => {
    for (const query of ['start=2026-11-01&end=2026-11-08', 'start=2026-11-01T01:00+01:00&end=2026-11-02T10:00&page=2'])
      expect((await ask(`${content}?${query}`)).status).toBe(200);
  });

  test('of others are not there', async () => {
    const { body } = await get(`${content}?${window}`, { client: 'limited' });
    expect(guidsOf(body).length).toBeGreaterThan(4);
    const seen = many().filter(({ conversation }) => conversation.connection === 'sales');
    expect(guidsOf(body)).toEqual(expect.arrayContaining(seen.map(({ conversation }) => conversation.uuid)));
    for (const id of [seed, 'no such', '%23', '%00', '%F0%9D%95%8F', 'a'.repeat(3_000)]) {
      const refused = await get(`${content}/${id}`, { client: 'limited' });
      expect([refused.status, refused.body]).toEqual([404, { message: 'There is no such conversation.' }]);
    }
  });
});

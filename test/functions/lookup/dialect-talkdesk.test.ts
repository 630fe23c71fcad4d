import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { fileCode, readFileCode } from '#functions/lookup/dialects/file-code.ts';
import { dialectIdOf } from '#functions/lookup/records/dialect-ids.ts';
import { formatInstant } from '#shared/domain/instant.ts';
import type { InteractionAnswer } from '#shared/providers/talkdesk/wire.ts';
import { epoch, recordOf } from '#test/support/records.ts';
import { ask as askWith, clock, put, readings, recordFrom, setUpDialectWorld, world } from './dialect-world.ts';
import type { HttpCall } from './lookup-harness.ts';
import { fileBytes } from './provider-world.ts';

setUpDialectWorld();

type Ask = HttpCall & { client?: string };
type Link = { href: string };
/** The fields that some answer has. */
type Body = {
  _embedded: { interactions: InteractionAnswer[]; recordings: { id: string; _links: { self: Link; media: Link } }[] };
  _links: { next?: Link; file?: Link };
  total: number;
} & Record<string, unknown>;
const ask = (target: string, { headers, ...call }: Ask = {}) =>
  askWith(target, { ...call, headers: { accept: 'application/json', ...headers } });
const get = async (target: string, call?: Ask) => {
  const answer = await ask(target, call);
  return { ...answer, body: JSON.parse(answer.text) as Body };
};
const origin = 'http://earshot.example';
const error = (code: string, fields?: string[]) => ({
  code,
  message: expect.any(String),
  ...(fields && { fields: fields.map((name) => ({ name, description: expect.any(String) })) }),
});

const list = '/conversations/interactions';
const seed = '597a2201-9d7e-470e-a699-abc5ec114973';
const recorded = () => recordFrom('magpipe', ({ media }) => media.length > 0).conversation;
const started = epoch + 86_400_000;
const interval = 'interaction_started=2026-11-03T00:00:00Z&interaction_ended=2026-11-09T00:00:00Z';

/** a page and a few of conversations without transcripts, half of them in the same instant */
beforeAll(async () => {
  for (let i = 0; i < 54; i += 1) {
    const { conversation } = recordOf(`many-${i}`, {}, epoch, i % 2 === 0 ? 'support' : 'sales');
    const startedAt = formatInstant(started + (i % 2 === 0 ? 0 : i * 1_000));
    await put({ conversation: { ...conversation, startedAt }, transcript: null });
  }
});

describe('interactions', () => {
  test('give the seed page’s own answer', async () => {
    const path = new URL('../../fixtures/talkdesk/interactions.seed.json', import.meta.url);
    const [exchange] = JSON.parse(readFileSync(path, 'utf8')).exchange;
    const { interaction_started, interaction_ended } = exchange.query;
    const { status, body } = await get(`${list}?${new URLSearchParams({ interaction_started, interaction_ended })}`);
    const [sent] = exchange.body._embedded.interactions;
    const [message] = sent.messages;
    const messages = [{ ...message, message_id: expect.any(String), message_index: 0 }];
    expect([status, body]).toEqual([200, { _embedded: { interactions: [{ ...sent, messages }] }, _links: {} }]);
    expect(readings).toEqual([{ client: 'all', conversation: `support:${seed}`, kind: 'transcript' }]);
  });

  test.each(['', `&${interval}`])('come page by page by the next link, with %j beside its cursor', async (beside) => {
    const pages: string[][] = [];
    let next: string | undefined = `${list}?${interval}`;
    while (next !== undefined) {
      const page: { body: Body } = await get(next);
      pages.push(page.body._embedded.interactions.map(({ id }) => id));
      const href: string | undefined = page.body._links.next?.href;
      expect(href ?? `${origin}${list}?cursor=`).toContain(`${origin}${list}?cursor=`);
      next = href && href.replace(origin, '') + beside;
    }
    const inside = world.filter(({ conversation }) => (conversation.startedAt ?? '') >= '2026-11-03');
    const ids = inside.map(({ conversation }) => dialectIdOf('talkdesk', conversation));
    expect(pages.map(({ length }) => length)).toEqual([50, 4]);
    expect(pages.flat().toSorted()).toEqual(ids.toSorted());
  });

  test('of the last seven days come without an interval', async () => {
    clock.now = started + 7 * 86_400_000;
    const { body } = await get(list);
    expect(body._embedded.interactions).toHaveLength(50);
    clock.now += 1;
    expect(
      (await get(list)).body._embedded.interactions.every(({ started_at }) => started_at > formatInstant(started)),
    ).toBe(true);
    clock.now = epoch;
    expect((await get(list)).body._embedded.interactions.map(({ id }) => id)).toEqual([
      recordFrom('salesloft', ({ externalId }) => externalId === 'undated').conversation.uuid,
    ]);
  });

  test.each<[string, string[]]>([
    ['interaction_started=yesterday', ['interaction_started']],
    ['interaction_started=2026-11-02&interaction_ended=2026-11-01', ['interaction_ended']],
    ['interaction_started=2026-11-01T00:00:00Z&interaction_ended=2026-11-08T00:00:00.001Z', ['interaction_ended']],
    ['interaction_started=2026-01-01', ['interaction_started']],
    ['interaction_started=2027-01-01', ['interaction_started']],
    ['interaction_ended=', ['interaction_ended']],
    [`${interval}&interaction_ended=2026-11-09`, ['interaction_ended']],
    [`interaction_ended=${'2'.repeat(5_000)}`, ['interaction_ended']],
    ['interaction_ended=2026-11-01%00', ['interaction_ended']],
    ['interaction_ended=%E0%A4%A', ['interaction_ended']],
    ['cursor=Zc2pJPVrJFeH0fGPjDanmw==', ['cursor']],
    [`cursor=${'a'.repeat(1_001)}`, ['cursor']],
  ])('are refused where the query is %j', async (query, fields) => {
    const { status, body } = await get(`${list}?${query}`);
    expect([status, body]).toEqual([400, error('0140000', fields)]);
  });

  test('need both scopes, and a cursor its own client', async () => {
    const next = (await get(`${list}?${interval}`)).body._links.next?.href.replace(origin, '') ?? '';
    expect((await ask(next, { client: 'public' })).status).toBe(400);
    expect((await ask(`${list}?unknown=1`, { client: 'public' })).status).toBe(200);
    for (const client of ['reader', 'recordings']) {
      const { status, body } = await get(list, { client });
      expect([status, body]).toEqual([403, error('0140300')]);
    }
    const anonymous = await get(list, { headers: { authorization: 'Bearer x' } });
    expect([anonymous.status, anonymous.body]).toEqual([401, error('0140100')]);
    expect((await get('/conversations/nothing')).body).toEqual(error('0140400'));
    expect((await get(list, { method: 'POST' })).body).toEqual(error('0140500'));
    const seen = (await get(`${list}?${interval}`, { client: 'limited' })).body._embedded.interactions;
    expect(seen).toHaveLength(27);
    expect(readings).toEqual([]);
  });
});

describe('recordings', () => {
  test('of a conversation of any provider are listed, one by one, and their bytes sent', async () => {
    const { uuid, media } = recorded();
    const { body } = await get(`/calls/${uuid}/recordings`, { client: 'recordings' });
    expect(body).toMatchObject({ total: 1, count: 1, page: 1, per_page: 20 });
    const [recording] = body._embedded.recordings;
    expect(readFileCode(recording?.id ?? '')).toEqual({ uuid, key: media[0]?.key });
    const { _links: links, ...facts } = recording ?? { _links: { self: { href: '' }, media: { href: '' } } };
    expect(facts).toMatchObject({ call_id: uuid, index: 0, type: 'conversation' });
    expect(facts).not.toHaveProperty('duration');
    expect((await get(links.self.href.replace(origin, ''))).body).toEqual({ recording: facts, _links: links });
    const path = links.media.href.replace(origin, '');
    const bytes = await ask(path, { headers: { accept: '*/*', range: 'bytes=0-3' }, client: 'recordings' });
    expect([bytes.status, bytes.bytes]).toEqual([206, fileBytes.subarray(0, 4)]);
    // What axios sends by itself.
    const byHabit = await ask(path, { headers: { accept: 'application/json, text/plain, */*' }, client: 'recordings' });
    expect(byHabit.bytes).toEqual(fileBytes);
    expect((await ask(path, { method: 'HEAD', headers: { accept: 'audio/*' } })).headers['content-length']).toBe(
      `${fileBytes.length}`,
    );
    const link = (await get(path)).body._links.file?.href ?? '';
    expect(link.startsWith(`${origin}/`)).toBe(true);
    const opened = await askWith(link.replace(origin, ''), { headers: { authorization: '' } });
    expect([opened.status, opened.bytes]).toEqual([200, fileBytes]);
    expect(readings.map(({ client }) => client)).toEqual(['recordings', 'recordings', 'all']);
  });

  test('are found by an id with or without hyphens; a conversation may have none', async () => {
    const { uuid } = recorded();
    for (const id of [uuid.toUpperCase(), uuid.replaceAll('-', '')])
      expect((await get(`/calls/${id}/recordings`)).body.total).toBe(1);
    for (const id of [seed, seed.replaceAll('-', '')]) {
      expect((await get(`/calls/${id}/recordings?page=1&per_page=5`)).body).toMatchObject({
        total: 0,
        _embedded: { recordings: [] },
      });
    }
  });

  test('of nobody, and of nobody’s business, are not there', async () => {
    const { uuid, media } = recorded();
    const key = media[0]?.key ?? '';
    const codes = [
      'x',
      '%23%2F%00',
      'é',
      'a'.repeat(3_000),
      fileCode({ uuid: seed, key }),
      fileCode({ uuid, key: 'other' }),
      `${fileCode({ uuid, key })}=`,
    ];
    const paths = codes.flatMap((code) => [
      `/recordings/${code}`,
      `/recordings/${code}/media`,
      `/calls/${code}/recordings`,
    ]);
    for (const path of paths) {
      const { status, body } = await get(path);
      expect([path, status, body]).toEqual([path, 404, error('0140400')]);
    }
    for (const path of [`/calls/${uuid}/recordings`, `/recordings/${fileCode({ uuid, key })}/media`]) {
      expect((await ask(path, { client: 'limited' })).status).toBe(404);
      expect((await ask(path, { client: 'public' })).status).toBe(403);
    }
    expect((await get('/recordings/%E0%A4%A')).body).toEqual(error('0140000', ['id']));
    expect((await ask('/recordings/a/b')).status).toBe(404);
  });
});

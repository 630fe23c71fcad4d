import { beforeAll, describe, expect, it } from 'vitest';
import { connectionsFileSchema } from '#shared/domain/connections.ts';
import { formatInstant } from '#shared/domain/instant.ts';
import type { Operation } from '#shared/domain/operation.ts';
import { claimOperation, endOperation } from '#shared/storage/operation-lease.ts';
import { type HttpAnswer, type HttpCall, lookupOver, type TestLookup } from './lookup-harness.ts';
import { clock, setUpLookupTable, store } from './lookup-table.ts';

setUpLookupTable();

const client = (clientId: string, scopes: string[], connections?: string[]) => ({
  ...{ clientId, clientSecret: clientId, scopes, perMinute: 100_000 },
  ...(connections && { connections }),
});
const file = connectionsFileSchema.parse({
  connections: [
    { id: 'support', provider: 'talkdesk', credentials: { secret: 'x' } },
    { id: 'sales', provider: 'salesloft', credentials: { secret: 'x' } },
  ],
  clients: [
    client('operator', ['operations:write']),
    client('limited', ['operations:write'], ['support']),
    client('reader', ['interaction-content:read']),
  ],
});

let lookup: TestLookup;
const tokens = new Map<string, string>();
beforeAll(async () => {
  lookup = lookupOver(store, clock, file);
  for (const { clientId } of file.clients.filter((one) => 'clientSecret' in one)) {
    if (clientId !== undefined) tokens.set(clientId, await lookup.token(clientId));
  }
});

type Shown = Operation & {
  operations: Operation[];
  nextCursor: string | null;
  code: string;
  fields: { name: string }[];
};
const send = (target: string, as = 'operator', options: HttpCall = {}): Promise<HttpAnswer> => {
  const headers = { 'content-type': 'application/json', ...options.headers, authorization: `Bearer ${tokens.get(as)}` };
  return lookup.call(target, { ...options, headers });
};
const post = (target: string, body: unknown, as = 'operator', headers: Record<string, string> = {}) =>
  send(target, as, { method: 'POST', headers, body: typeof body === 'string' ? body : JSON.stringify(body) });
const shown = ({ text }: HttpAnswer): Shown => JSON.parse(text);
const ask = async (target: string, body: unknown, as = 'operator'): Promise<Shown> => {
  clock.now += 1_000;
  const answer = await post(target, body, as);
  expect([answer.status, answer.text]).toEqual([202, expect.any(String)]);
  return shown(answer);
};

const span = { from: '2026-11-02T09:00:00Z', to: '2026-11-02T10:00:00+00:00' };
const replay = (more: object = {}) => ask('/v1/replays', { ...span, ...more });

describe('asking for an operation', () => {
  it('gives it queued, as it was understood, and says where it is', async () => {
    const more = { types: ['transcript.ready'], connection: 'support', ids: ['support:a'], subscriber: 'crm-copy' };
    const answer = await post('/v1/replays', { ...span, ...more });
    const operation = shown(answer);
    expect([answer.status, answer.headers['location']]).toEqual([202, `/v1/replays/${operation.id}`]);
    expect(operation).toEqual({
      ...{ id: expect.stringMatching(/^[0-9a-f-]{36}$/), kind: 'replays', state: 'queued' },
      createdAt: formatInstant(clock.now),
      request: {
        ...{ from: '2026-11-02T09:00:00.000Z', to: '2026-11-02T10:00:00.000Z', ...more },
        types: ['earshot.transcript.ready.v1'],
      },
      ...{ progress: { done: 0, total: null }, estimateSeconds: null, result: null, error: null },
    });
    expect(shown(await send(`/v1/replays/${operation.id}`))).toEqual(operation);
    expect((await send(`/v1/redrives/${operation.id}`)).status).toBe(404);
  });

  it('lists each kind, newest first, page by page', async () => {
    const asked: string[] = [];
    for (const kind of ['inbox', 'media', 'publish']) asked.push((await ask('/v1/redrives', { kind })).id);
    const first = shown(await send('/v1/redrives?limit=2'));
    const second = shown(await send(`/v1/redrives?limit=2&cursor=${first.nextCursor}`));
    const ids = [...first.operations, ...second.operations].map(({ id }) => id);
    expect([ids, second.nextCursor]).toEqual([asked.toReversed(), null]);
    expect((await send(`/v1/replays?cursor=${first.nextCursor}`)).status).toBe(400);
  });

  const long = 'x'.repeat(2_049);
  it.each([
    ['/v1/replays', {}, ['from', 'to']],
    ['/v1/replays', { ...span, to: span.from }, ['to']],
    ['/v1/replays', { ...span, from: 'yesterday' }, ['from']],
    ['/v1/replays', { ...span, from: '2026-02-30T00:00:00Z' }, ['from']],
    ['/v1/replays', { ...span, from: 5 }, ['from']],
    ['/v1/replays', { ...span, type: ['x'], Ids: [] }, ['type', 'Ids']],
    ['/v1/replays', { ...span, types: ['call.ended'] }, ['types']],
    ['/v1/replays', { ...span, types: [] }, ['types']],
    ['/v1/replays', { ...span, ids: 'support:a' }, ['ids']],
    ['/v1/replays', { ...span, ids: [''] }, ['ids']],
    ['/v1/replays', { ...span, ids: [long] }, ['ids']],
    ['/v1/replays', { ...span, ids: Array.from({ length: 501 }, () => 'a') }, ['ids']],
    ['/v1/replays', { ...span, subscriber: 'Crm Copy' }, ['subscriber']],
    ['/v1/replays', { ...span, connection: 'x'.repeat(41) }, ['connection']],
    ['/v1/redrives', { kind: 'everything' }, ['kind']],
    ['/v1/redrives', { kind: 'inbox', ids: [] }, ['ids']],
    ['/v1/redrives', { kind: 'inbox', __proto__: null, dryRun: true }, ['dryRun']],
    ['/v1/redrives', '{"kind":"inbox","__proto__":{"ids":[]}}', ['__proto__']],
    ['/v1/redrives', [], ['body']],
    ['/v1/redrives', 'null', ['body']],
    ['/v1/redrives', '"inbox"', ['body']],
    ['/v1/redrives', '', ['body']],
    ['/v1/redrives', '{"kind":', ['body']],
    ['/v1/redrives', '['.repeat(60_000), ['body']],
    ['/v1/redrives?dryRun=true', { kind: 'inbox' }, ['dryRun']],
  ] as const)('%s refuses %j and names the field', async (target, body, names) => {
    const answer = await post(target, body);
    expect([answer.status, shown(answer).fields.map(({ name }) => name)]).toEqual([400, names]);
    expect(answer.text).not.toContain('call.ended');
  });

  it('refuses bodies of another type, packed or too large', async () => {
    const redrive = { kind: 'inbox' };
    const types = ['text/plain', 'application/x-www-form-urlencoded', 'application/vnd.x+json', 'application/json2'];
    for (const type of types) {
      expect((await post('/v1/redrives', redrive, 'operator', { 'content-type': type })).status, type).toBe(415);
    }
    expect((await post('/v1/redrives', redrive, 'operator', { 'content-encoding': 'gzip' })).status).toBe(415);
    const large = { kind: 'inbox', ids: ['x'.repeat(70_000)] };
    expect([
      (await post('/v1/redrives', large)).status,
      (await post('/v1/redrives', ' '.repeat(70_000))).status,
    ]).toEqual([413, 413]);
    const charset = { 'content-type': 'Application/JSON; charset=utf-8' };
    expect((await post('/v1/redrives', redrive, 'operator', charset)).status).toBe(202);
  });

  it('needs the scope', async () => {
    const { id } = await replay();
    for (const answer of [
      await post('/v1/replays', span, 'reader'),
      await send('/v1/replays', 'reader'),
      await send(`/v1/replays/${id}`, 'reader'),
      await post(`/v1/replays/${id}/cancel`, '', 'reader'),
    ]) {
      expect([answer.status, answer.text]).toEqual([403, expect.stringContaining('operations:write')]);
    }
    expect((await lookup.call('/v1/replays')).status).toBe(401);
  });

  it('answers what is not there as everywhere', async () => {
    for (const id of ['unknown', '..', '%2F', 'x'.repeat(2_000), '%00', '%F0%9F%98%80']) {
      expect((await send(`/v1/replays/${id}`)).status, id).toBe(404);
      expect((await post(`/v1/replays/${id}/cancel`, '')).status, id).toBe(404);
    }
    expect((await send('/v1/replays/%zz')).status).toBe(400);
    expect((await send('/v1/replays/a/b')).status).toBe(404);
    const put = await send('/v1/replays', 'operator', { method: 'PUT' });
    expect([put.status, new Set(put.headers['allow']?.split(', '))]).toEqual([405, new Set(['POST', 'GET', 'HEAD'])]);
  });
});

describe('cancelling', () => {
  it('ends what is queued or running, once or twice, and not what has ended', async () => {
    const { id } = await replay();
    for (const _ of [1, 2]) {
      expect(shown(await post(`/v1/replays/${id}/cancel`, ''))).toMatchObject({ id, state: 'cancelled' });
    }
    const running = await replay();
    const lease = { kind: 'replays', id: running.id, holder: 'h' } as const;
    await claimOperation(store, lease, clock.now, 60_000);
    expect(shown(await send(`/v1/replays/${running.id}`)).state).toBe('running');
    expect(shown(await post(`/v1/replays/${running.id}/cancel`, '')).state).toBe('cancelled');
    const done = await replay();
    await claimOperation(store, { ...lease, id: done.id }, clock.now, 60_000);
    const end = { state: 'done', progress: { done: 7, total: 7 }, result: { events: 7 } } as const;
    await endOperation(store, { ...lease, id: done.id }, end);
    const late = await post(`/v1/replays/${done.id}/cancel`, '');
    expect([late.status, shown(late).code]).toEqual([409, 'operationEnded']);
    expect(shown(await send(`/v1/replays/${done.id}`))).toMatchObject(end);
  });
});

describe('a client that is limited to connections', () => {
  it('asks for and sees what is of these, and no more', async () => {
    const mine = await ask('/v1/replays', { ...span, connection: 'support' }, 'limited');
    const [foreign, ofAll] = [await replay({ connection: 'sales' }), await replay()];
    const { operations } = shown(await send('/v1/replays', 'limited'));
    expect(operations.every(({ request }) => (request as { connection: string }).connection === 'support')).toBe(true);
    expect(operations.map(({ id }) => id)).toContain(mine.id);
    const unknown = await send('/v1/replays/unknown', 'limited');
    for (const { id } of [foreign, ofAll]) {
      expect(await send(`/v1/replays/${id}`, 'limited')).toEqual({ ...unknown, json: expect.anything() });
      expect((await post(`/v1/replays/${id}/cancel`, '', 'limited')).status).toBe(404);
      expect(shown(await send(`/v1/replays/${id}`)).state).toBe('queued');
    }
    expect(shown(await post(`/v1/replays/${mine.id}/cancel`, '', 'limited')).state).toBe('cancelled');
  });

  it('is told what it must name; a connection of others is like one that is not there', async () => {
    const unnamed = await post('/v1/replays', span, 'limited');
    expect([unnamed.status, shown(unnamed).fields.map(({ name }) => name)]).toEqual([400, ['connection']]);
    const of = (connection: string, as: string) => post('/v1/replays', { ...span, connection }, as);
    const [foreign, none] = [await of('sales', 'limited'), await of('nothing', 'operator')];
    expect([foreign.status, foreign.text]).toEqual([404, none.text]);
    const redrive = await post('/v1/redrives', { kind: 'inbox' }, 'limited');
    expect([redrive.status, shown(redrive).code]).toEqual([403, 'forbidden']);
    expect(shown(await send('/v1/redrives', 'limited')).operations).toEqual([]);
  });
});

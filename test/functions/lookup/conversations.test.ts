import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { conversationSchema, type StoredConversation } from '#shared/domain/conversation.ts';
import { formatInstant } from '#shared/domain/instant.ts';
import { makeTranscript } from '#shared/domain/transcript.ts';
import type { Store } from '#shared/storage/document-client.ts';
import type { TestDynamodb } from '#test/support/dynamodb.ts';
import { epoch } from '#test/support/records.ts';
import { lookupOver, openTable, store as put, type TestLookup } from './lookup-harness.ts';

let database: TestDynamodb;
let store: Store;
let lookup: TestLookup;
const clock = { now: epoch + 600_000 };
const tokens: Record<string, string> = {};
let call1: StoredConversation;
let foreign: StoredConversation;
let odd: StoredConversation;

const said = makeTranscript('en-GB', [
  {
    participant: 0,
    role: 'agent',
    text: 'Hello <b> --> & you',
    startMs: 0,
    endMs: 900,
    sentiment: 'neutral',
    intent: null,
  },
  { participant: null, role: 'customer', text: 'Hi', startMs: 1_000, endMs: null, sentiment: null, intent: null },
]);

beforeAll(async () => {
  ({ database, store } = await openTable());
  lookup = lookupOver(store, clock);
  for (const id of ['crm', 'reader', 'limited', 'public', 'recordings', 'operator'])
    tokens[id] = await lookup.token(id);
  const media = [{ key: 'recording-1', kind: 'recording', contentType: 'audio/mpeg', bytes: 5, sha512: 'ab' }];
  const artifacts = {
    transcript: { state: 'ready' as const, at: formatInstant(epoch) },
    'media:recording-1': { state: 'pending' as const, at: formatInstant(epoch), reason: 'notAsked' },
  };
  call1 = await put(store, 'support', 'call/1', { summary: 'They talked.', media, artifacts }, said);
  odd = await put(store, 'support', '#\0/../%2F,日本 𝕏');
  foreign = await put(store, 'sales', '77', { provider: 'salesloft', startedAt: formatInstant(epoch - 5_000) }, said);
});
afterAll(() => database.close());

const get = (target: string, client = 'crm', headers: Record<string, string> = {}) =>
  lookup.get(target, tokens[client], headers);
const path = (id: string) => `/v1/conversations/${encodeURIComponent(id)}`;

describe('one conversation', () => {
  test('is the contract shape and nothing more', async () => {
    const answer = await get(path(call1.id));
    expect(answer.status).toBe(200);
    const body = answer.json();
    expect(conversationSchema.strict().parse(body)).toEqual(body);
    expect(Object.keys(body)).toEqual([
      ...['id', 'uuid', 'provider', 'connection', 'externalId', 'version', 'source', 'channel', 'direction', 'status'],
      ...[
        'title',
        'language',
        'startedAt',
        'endedAt',
        'durationMs',
        'providerCreatedAt',
        'providerUpdatedAt',
        'participants',
      ],
      ...[
        'sentiment',
        'categories',
        'talkTime',
        'metadata',
        'observedAt',
        'updatedAt',
        'artifacts',
        'summary',
        'media',
      ],
    ]);
    expect(body.media[0]?.href).toBe('/v1/conversations/support:call%252F1/media/recording-1');
    expect(body.summary).toBe('They talked.');
  });

  test('tells of a pending artifact how often it was asked for again and when next', async () => {
    // `recheck` of the connection is 5m and 1h; the clock stands 10 minutes behind the first sight.
    const { artifacts } = (await get(path(call1.id))).json();
    expect(artifacts['media:recording-1']).toEqual({
      ...{ state: 'pending', at: formatInstant(epoch), reason: 'notAsked' },
      ...{ attempts: 1, nextCheckAt: formatInstant(epoch + 3_600_000) },
    });
    expect(artifacts['transcript']).toEqual({ state: 'ready', at: formatInstant(epoch) });
  });

  test('is found by id and uuid, encoded once or with a bare colon', async () => {
    for (const one of [call1, odd, foreign]) {
      for (const name of [
        encodeURIComponent(one.id),
        encodeURIComponent(one.id).replace('%3A', ':'),
        one.uuid,
        one.uuid.toUpperCase(),
      ]) {
        const answer = await get(`/v1/conversations/${name}`);
        expect(answer.json(), name).toMatchObject({ id: one.id, externalId: one.externalId });
      }
    }
  });

  test('has a strong ETag over its bytes', async () => {
    const first = await get(path(call1.id));
    const etag = first.headers['etag'] ?? '';
    expect(etag).toMatch(/^"[\w-]{22}"$/);
    for (const tag of [etag, `W/${etag}`, `"x", ${etag}`, '*']) {
      const again = await get(path(call1.id), 'crm', { 'if-none-match': tag });
      expect([again.status, again.text, again.headers['etag']]).toEqual([304, '', etag]);
    }
    expect((await get(path(call1.id), 'reader', { 'if-none-match': etag })).status).toBe(200);
  });

  test('includes its transcript as the transcript route gives it, or null', async () => {
    const whole = (await get(`${path(call1.id)}?include=transcript`)).json();
    expect(whole.transcript).toEqual((await get(`${path(call1.id)}/transcript`)).json());
    expect((await get(`${path(odd.id)}?include=transcript`)).json().transcript).toBeNull();
    expect('transcript' in (await get(path(call1.id))).json()).toBe(false);
  });
});

describe('ids', () => {
  test('are answered in the order asked, what is not there by itself', async () => {
    const asked = [foreign.uuid, 'support:nothing', call1.id, odd.id, foreign.id, 'x'];
    const body = (await get(`/v1/conversations?ids=${encodeURIComponent(asked.join(','))}`)).json();
    expect(body.conversations.map((one) => one.id)).toEqual([foreign.id, call1.id, odd.id, foreign.id]);
    expect(body.notFound).toEqual(['support:nothing', 'x']);
  });

  test('with transcripts', async () => {
    const body = (await get(`/v1/conversations?ids=${odd.uuid},${call1.uuid}&include=transcript`)).json();
    expect(body.conversations.map((one) => one.transcript)).toEqual([null, said]);
  });

  test('are at most 50, not empty, and alone', async () => {
    const many = Array.from({ length: 51 }, (_, i) => `support:${i}`);
    expect((await get(`/v1/conversations?ids=${many.slice(1)}`)).json().notFound).toEqual(many.slice(1));
    for (const query of [`ids=${many}`, 'ids=', 'ids=a,,b', 'ids=a,', 'ids=,']) {
      const answer = await get(`/v1/conversations?${query}`);
      expect([answer.status, answer.json().fields.map((field) => field.name)], query).toEqual([400, ['ids']]);
    }
    expect((await get('/v1/conversations?ids=a&channel=voice')).json().fields[0]?.name).toBe('channel');
    expect((await get('/v1/conversations?include=transcript')).json().fields[0]?.name).toBe('include');
  });

  test('of any text answer, and reach no other key of the table', async () => {
    const unit = fc.constantFrom(
      '#',
      '/',
      '\0',
      '%',
      ':',
      '..',
      'streams',
      'budget#support',
      '日',
      '\u{1F600}',
      'é',
      'e\u0301',
      'support',
    );
    await fc.assert(
      fc.asyncProperty(fc.array(unit, { minLength: 1, maxLength: 6 }), async (parts) => {
        const answer = await get(path(parts.join('')));
        expect(answer.status).toBe(404);
      }),
      { numRuns: 60, seed: 7 },
    );
    expect((await get('/v1/conversations/%zz')).status).toBe(400);
    expect((await get(`/v1/conversations/${'a'.repeat(20_000)}`)).status).toBe(404);
  });
});

describe('the transcript', () => {
  const transcript = (accept?: string, client = 'crm') =>
    get(`${path(call1.id)}/transcript`, client, accept === undefined ? {} : { accept });

  test.each([
    [undefined, 'application/json'],
    ['*/*', 'application/json'],
    ['text/vtt', 'text/vtt; charset=utf-8'],
    ['text/plain', 'text/plain; charset=utf-8'],
    ['text/*;q=0.5, application/json;q=0.4', 'text/vtt; charset=utf-8'],
    ['application/json;q=0, */*', 'text/vtt; charset=utf-8'],
    ['TEXT/PLAIN;charset=utf-8, text/vtt;q=0.9', 'text/plain; charset=utf-8'],
  ])('for Accept %s is %s', async (accept, type) => {
    const answer = await transcript(accept);
    expect([answer.status, answer.headers['content-type'], answer.headers['vary']]).toEqual([200, type, 'Accept']);
  });

  test.each(['image/png', 'text/html', '*/*;q=0', 'application/json;q=0', 'application/json;q=2', 'garbage'])(
    'for Accept %s is a 406',
    async (accept) => {
      const answer = await transcript(accept);
      expect([answer.status, answer.json().code]).toEqual([406, 'notAcceptable']);
    },
  );

  test('as JSON, text and WebVTT', async () => {
    expect((await transcript()).json()).toEqual(said);
    expect((await transcript('text/plain')).text).toBe('Agent: Hello <b> --> & you\nCustomer: Hi\n');
    expect((await transcript('text/vtt')).text).toBe(
      'WEBVTT\n\n0\n00:00:00.000 --> 00:00:00.900\n<v Agent>Hello &lt;b&gt; --&gt; &amp; you\n\n' +
        '1\n00:00:01.000 --> 00:00:01.500\n<v Customer>Hi\n',
    );
  });

  test('that is not there is a 404', async () => {
    expect((await get(`${path(odd.id)}/transcript`)).status).toBe(404);
  });
});

describe('access', () => {
  const matrix: [string, string, number][] = [
    ['reader', '', 200],
    ['reader', '?include=transcript', 403],
    ['reader', '/transcript', 403],
    ['crm', '/transcript', 200],
    ['public', '', 200],
    ['public', '/transcript', 200],
    ['recordings', '', 403],
    ['recordings', '/transcript', 403],
    ['operator', '', 403],
    ['limited', '', 200],
  ];
  test.each(matrix)('%s at %s is answered %i', async (client, suffix, status) => {
    const answer = await get(`${path(call1.id)}${suffix}`, client);
    expect(answer.status).toBe(status);
    if (status === 403) expect(answer.headers['www-authenticate']).toContain('error="insufficient_scope"');
  });

  test('without the content scope a record has no summary, in every route', async () => {
    for (const [client, shown] of [
      ['reader', false],
      ['public', true],
    ] as const) {
      const one = (await get(path(call1.id), client)).json();
      const [byId] = (await get(`/v1/conversations?ids=${call1.uuid}`, client)).json().conversations;
      const listed = (await get('/v1/conversations', client)).json().conversations;
      for (const record of [one, byId, ...listed]) expect('summary' in (record ?? {})).toBe(shown);
    }
  });

  test('a foreign conversation is answered exactly as one that does not exist', async () => {
    for (const suffix of ['', '?include=transcript', '/transcript']) {
      const missing = await get(`${path('support:none')}${suffix}`, 'limited');
      expect(missing.status).toBe(404);
      for (const name of [foreign.id, foreign.uuid])
        expect(await get(`${path(name)}${suffix}`, 'limited')).toEqual({ ...missing, json: expect.anything() });
    }
    const ids = (await get(`/v1/conversations?ids=${foreign.uuid},${call1.uuid},${foreign.id}`, 'limited')).json();
    expect(ids.notFound).toEqual([foreign.uuid, foreign.id]);
    expect(ids.conversations).toHaveLength(1);
  });

  test('a list holds nothing of a foreign connection, named or not', async () => {
    const of = async (query: string, client: string) =>
      (await get(`/v1/conversations?${query}`, client)).json().conversations.map((one) => one.connection);
    expect(new Set(await of('', 'limited'))).toEqual(new Set(['support']));
    expect(await of('', 'crm')).toHaveLength(3);
    expect(await of('connection=sales', 'limited')).toEqual([]);
    expect(await of('connection=sales', 'crm')).toEqual(['sales']);
    expect(await of('provider=salesloft', 'limited')).toEqual([]);
    expect(await of('connection=support&provider=salesloft', 'crm')).toEqual([]);
    expect(await of('connection=nowhere', 'crm')).toEqual([]);
  });
});

describe('paths and methods', () => {
  test('HEAD is GET without a body, also where it fails', async () => {
    for (const target of [
      path(call1.id),
      '/v1/conversations',
      '/healthz',
      '/',
      '/nowhere',
      '/v1/conversations?limit=0',
    ]) {
      const got = await get(target);
      const head = await lookup.call(target, { method: 'HEAD', headers: { authorization: `Bearer ${tokens['crm']}` } });
      expect(head).toEqual({ ...got, text: '', json: expect.anything() });
    }
  });

  test('unknown paths are a 404, other methods a 405 that names the right ones', async () => {
    for (const target of [
      '/nowhere',
      '/v1',
      '/v1/conversations/a/b',
      '/v1/conversations/a/transcript/x',
      '/V1/conversations',
    ]) {
      expect((await get(target)).json(), target).toEqual({ code: 'notFound', message: 'There is no such path.' });
    }
    for (const [target, method, allow] of [
      ['/v1/conversations', 'POST', 'GET, HEAD'],
      [path(call1.id), 'DELETE', 'GET, HEAD'],
      [`${path(call1.id)}/transcript/`, 'PUT', 'GET, HEAD'],
      ['/oauth/token', 'GET', 'POST'],
      ['/', 'PROPFIND', 'GET, HEAD'],
    ] as const) {
      const answer = await lookup.call(target, { method });
      expect([answer.status, answer.headers['allow']], target).toEqual([405, allow]);
    }
  });

  test('health is public and every answer carries the security headers', async () => {
    const health = await lookup.call('/healthz');
    expect([health.status, health.json()]).toEqual([200, { status: 'ok' }]);
    for (const answer of [health, await get('/nowhere'), await get(path(call1.id))]) {
      expect(answer.headers).toMatchObject({ 'X-Content-Type-Options': 'nosniff', 'Referrer-Policy': 'no-referrer' });
      expect(answer.headers['Content-Security-Policy']).toContain("default-src 'none'");
    }
  });

  test('a failure on our side says nothing of its reason', async () => {
    const broken = lookupOver({ ...store, table: 'gone' }, clock);
    const answer = await broken.get('/v1/conversations', await broken.token('reader'));
    expect([answer.status, answer.json().code]).toEqual([500, 'internalError']);
    expect(answer.text).not.toContain('gone');
  });
});

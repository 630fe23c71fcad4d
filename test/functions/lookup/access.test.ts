import { describe, expect, test } from 'vitest';
import { get } from './lookup-table.ts';
import { call1, foreign, path, setUpThreeConversations } from './three-conversations.ts';

setUpThreeConversations();

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

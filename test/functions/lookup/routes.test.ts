import { describe, expect, test } from 'vitest';
import { lookupOver } from './lookup-harness.ts';
import { clock, get, lookup, store } from './lookup-table.ts';
import { call1, path, setUpThreeConversations } from './three-conversations.ts';

setUpThreeConversations();

describe('paths and methods', () => {
  test('HEAD is GET without a body, also where it fails', async () => {
    const authorization = `Bearer ${await lookup.token('crm')}`;
    for (const target of [
      path(call1.id),
      '/v1/conversations',
      '/healthz',
      '/',
      '/nowhere',
      '/v1/conversations?limit=0',
    ]) {
      const got = await get(target);
      const head = await lookup.call(target, { method: 'HEAD', headers: { authorization } });
      expect(head).toEqual({ ...got, text: '', bytes: Buffer.alloc(0), json: expect.anything() });
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

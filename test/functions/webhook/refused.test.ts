import { beforeEach, describe, expect, it, vi } from 'vitest';
import { captureLog } from '#test/support/captured-log.ts';
import { senders } from '#test/webhooks/senders.ts';
import { fromSalesloft, openAccountsWorld, secrets } from './accounts-world.ts';
import type { Post, World } from './webhook-harness.ts';

// The logger reads its level when it is imported.
vi.hoisted(() => vi.stubEnv('POWERTOOLS_LOG_LEVEL', 'INFO'));

const canary = 'canary-5511';
let world: World;
const log = captureLog();
beforeEach(() => {
  world = openAccountsWorld();
});

/** A good delivery with something changed. */
const but = (change: Post, headers: Record<string, string> = {}): Post => {
  const good = fromSalesloft(`{"id":"${canary}"}`);
  return { ...good, ...change, headers: { ...good.headers, ...headers } };
};
const text = (good: Post): string => String(good.body);
const good = but({});
const signature = good.headers?.['x-salesloft-signature'] ?? '';
const unsigned = { 'content-type': 'application/json' };
const large = `{"id":"${'x'.repeat(4 * 1024 ** 2)}"}`;
const signedBy = (sender: keyof typeof senders, body: string, at: number): Record<string, string> => ({
  ...unsigned,
  ...senders[sender].sign(secrets[sender], Buffer.from(body), at),
});
const start = Date.parse('2026-03-02T10:00:00.000Z');

const cases: [what: string, path: string, post: Post, status: number, refusal: string][] = [
  ['an unknown connection', `/webhooks/${canary}`, good, 404, 'notFound'],
  ['a connection without a webhook', '/webhooks/without', good, 404, 'notFound'],
  ['a webhook without a secret', '/webhooks/no-secret', good, 404, 'notFound'],
  ['another path', '/v1/conversations', good, 404, 'notFound'],
  ['a path that goes on', '/webhooks/sales/', good, 404, 'notFound'],
  ['an encoded path', '/webhooks/%73ales', good, 404, 'notFound'],
  ['a path of other letters', '/webhooks/Sales', good, 404, 'notFound'],
  ['the folder', '/webhooks/', good, 404, 'notFound'],
  ['a name of every object', '/webhooks/__proto__', good, 404, 'notFound'],
  ['GET', '/webhooks/sales', { method: 'GET' }, 405, 'method'],
  ['PUT', '/webhooks/sales', but({ method: 'PUT' }), 405, 'method'],
  ['a small letter', '/webhooks/sales', but({ method: 'post' }), 405, 'method'],
  ['gzip', '/webhooks/sales', but({}, { 'content-encoding': 'gzip' }), 415, 'encoding'],
  ['gzip behind nothing', '/webhooks/sales', but({}, { 'content-encoding': 'identity, gzip' }), 415, 'encoding'],
  ['a form', '/webhooks/sales', but({}, { 'content-type': 'application/x-www-form-urlencoded' }), 415, 'type'],
  ['plain text', '/webhooks/sales', but({}, { 'content-type': 'text/plain' }), 415, 'type'],
  [
    'a CloudEvent to who sends none',
    '/webhooks/sales',
    but({}, { 'content-type': 'application/cloudevents+json' }),
    415,
    'type',
  ],
  ['a doubled type', '/webhooks/sales', but({}, { 'content-type': 'application/json,application/json' }), 415, 'type'],
  ['an empty type', '/webhooks/sales', but({}, { 'content-type': '' }), 415, 'type'],
  ['over 4 MiB', '/webhooks/sales', fromSalesloft(large), 413, 'tooLarge'],
  ['no signature', '/webhooks/sales', { headers: unsigned, body: text(good) }, 401, 'unsigned'],
  ['an empty signature', '/webhooks/sales', but({}, { 'x-salesloft-signature': '' }), 401, 'signature'],
  [
    'a doubled signature',
    '/webhooks/sales',
    but({}, { 'x-salesloft-signature': `${signature},${signature}` }),
    401,
    'signature',
  ],
  [
    'a signature in capitals',
    '/webhooks/sales',
    but({}, { 'x-salesloft-signature': signature.toUpperCase() }),
    401,
    'signature',
  ],
  ['a body one byte longer', '/webhooks/sales', but({ body: `${text(good)} ` }), 401, 'signature'],
  ['another body', '/webhooks/sales', but({ body: '{"id":"other"}' }), 401, 'signature'],
  ['no body', '/webhooks/sales', { headers: good.headers ?? {} }, 401, 'signature'],
  ['another secret', '/webhooks/sales', fromSalesloft('{}', 'guessed'), 401, 'signature'],
  ['the signature of another connection', '/webhooks/other', good, 401, 'unsigned'],
  ['a secret that is not there', '/webhooks/gone', good, 401, 'signature'],
  [
    'an old stamp',
    '/webhooks/support',
    { headers: signedBy('standard', '{}', start - 301_000), body: '{}' },
    401,
    'time',
  ],
  [
    'a stamp of the future',
    '/webhooks/calls',
    { headers: signedBy('vonage', '{}', start + 301_000), body: '{}' },
    401,
    'time',
  ],
  [
    'a wrong signature where none is needed',
    '/webhooks/voice',
    { headers: { ...unsigned, 'x-magpipe-signature': 'sha256=00' }, body: '{}' },
    401,
    'signature',
  ],
  [
    'a signature that nobody can check',
    '/webhooks/voice-unsigned',
    { headers: signedBy('magpipe', '{}', start), body: '{}' },
    401,
    'signature',
  ],
  ['a signed body that is no JSON', '/webhooks/sales', fromSalesloft(`{"id":${canary}}`), 415, 'notJson'],
  ['a signed body that is nothing', '/webhooks/sales', fromSalesloft(''), 415, 'notJson'],
  ['an unsigned body that is no JSON', '/webhooks/voice', { headers: unsigned, body: 'id' }, 415, 'notJson'],
];

describe('what is not taken', () => {
  it.each(cases)('%s', async (_, path, post, status, refusal) => {
    const answer = await world.post(path, post);
    expect(answer.statusCode).toBe(status);
    expect(JSON.parse(answer.body)).toEqual({ code: expect.any(String), message: expect.any(String) });
    expect(answer.headers).toMatchObject({ 'content-type': 'application/json', 'cache-control': 'no-store' });
    expect(answer.headers['allow']).toBe(status === 405 ? 'POST' : undefined);
    expect(world.jobs).toEqual([]);
    expect(world.objects.size).toBe(0);

    const [line, ...further] = log.lines();
    expect(further).toEqual([]);
    expect(line?.['refusal']).toBe(refusal);
    const known = path.replace('/webhooks/', '');
    expect(line?.['connection']).toBe(refusal === 'notFound' ? undefined : known);
    for (const sent of [canary, signature, ...Object.values(secrets)]) {
      expect(log.text() + answer.body, sent).not.toContain(sent);
    }
  });

  it('is answered alike whether a connection is unknown or has no webhook', async () => {
    const [unknown, without] = [
      await world.post('/webhooks/nobody', good),
      await world.post('/webhooks/without', good),
    ];
    expect(unknown).toEqual(without);
  });

  it('is what is not UTF-8, though it is signed', async () => {
    const body = Buffer.from('{"a":"\xff"}', 'latin1');
    const headers = senders.salesloft.sign(secrets.salesloft, body, start);
    expect((await world.post('/webhooks/sales', { headers, body, base64: true })).statusCode).toBe(415);
  });
});

import * as fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { standard } from '#shared/webhooks/standard.ts';
import { senders } from './senders.ts';

const now = Date.parse('2026-03-02T10:00:00.000Z');
const secret = senders.standard.secret('ours');
const verify = (headers: Record<string, string>, text: string, key = secret, at = now) =>
  standard.verify({ headers, body: Buffer.from(text), now: at }, key);

// The package looks at the real clock.
beforeEach(() => {
  vi.useFakeTimers({ now, toFake: ['Date'] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** What the package says of a delivery. */
function accepts(headers: Record<string, string>, text: string, key = secret): boolean {
  try {
    new Webhook(key).verify(text, headers, { jsonParse: false });
    return true;
  } catch {
    return false;
  }
}

describe('Standard Webhooks, beside the package of that name', () => {
  const ids = fc.stringMatching(/^[\w.-]{1,40}$/);

  it('takes what the package signs, and the package what is signed here', async () => {
    await fc.assert(
      fc.asyncProperty(ids, fc.json(), async (id, text) => {
        const headers = {
          'webhook-id': id,
          'webhook-timestamp': String(now / 1_000),
          'webhook-signature': new Webhook(secret).sign(id, new Date(now), text),
        };
        expect(await verify(headers, text)).toEqual({ isGenuine: true, id });
        expect(accepts(senders.standard.sign(secret, Buffer.from(text), now), text)).toBe(true);
      }),
      { numRuns: 50 },
    );
  });

  it('judges as the package does, whatever is changed, whenever it was sent', async () => {
    const change = fc.constantFrom('nothing', 'id', 'body', 'signature', 'secret', 'version');
    await fc.assert(
      fc.asyncProperty(change, fc.integer({ min: -400, max: 400 }), async (changed, seconds) => {
        const text = changed === 'body' ? '{"a":2}' : '{"a":1}';
        const headers = senders.standard.sign(secret, Buffer.from('{"a":1}'), now + seconds * 1_000);
        if (changed === 'id') headers['webhook-id'] = 'msg_other';
        if (changed === 'signature') headers['webhook-signature'] = 'v1,AAAA';
        if (changed === 'version')
          headers['webhook-signature'] = headers['webhook-signature']?.replace('v1', 'v2') ?? '';
        const key = changed === 'secret' ? senders.standard.secret('another') : secret;
        expect((await verify(headers, text, key)).isGenuine).toBe(accepts(headers, text, key));
      }),
      { numRuns: 100 },
    );
  });

  it('takes one good signature of a list, as while a secret is changed, in any place', async () => {
    const headers = senders.standard.sign(secret, Buffer.from('{}'), now);
    const good = headers['webhook-signature'] ?? '';
    const other = senders.standard.sign(senders.standard.secret('old'), Buffer.from('{}'), now)['webhook-signature'];
    for (const list of [`${good} ${other}`, `${other} ${good}`, `v1a,abc ${good}`, `${good} ${good}`]) {
      expect(await verify({ ...headers, 'webhook-signature': list }, '{}'), list).toMatchObject({ isGenuine: true });
    }
    for (const list of [`${other} v1a,abc`, `${good}  ${other}`, ` ${good}`, good.replace('v1,', 'v1')]) {
      expect(await verify({ ...headers, 'webhook-signature': list }, '{}'), list).toMatchObject({ isGenuine: false });
    }
  });

  it('takes secrets without the prefix, as base64 and as they stand', async () => {
    const bare = secret.replace('whsec_', '');
    expect(await verify(senders.standard.sign(secret, Buffer.from('{}'), now), '{}', bare)).toMatchObject({
      isGenuine: true,
    });
    const id = 'msg_1';
    const headers = {
      'webhook-id': id,
      'webhook-timestamp': String(now / 1_000),
      'webhook-signature': new Webhook('a plain secret!', { format: 'raw' }).sign(id, new Date(now), '{}'),
    };
    expect(await verify(headers, '{}', 'a plain secret!')).toEqual({ isGenuine: true, id });
    expect(await verify(headers, '{}', 'whsec_a plain secret!')).toMatchObject({ isGenuine: false });
    const unkeyed = senders.standard.sign('whsec_', Buffer.from('{}'), now);
    expect(await verify(unkeyed, '{}', 'whsec_')).toMatchObject({ isGenuine: false });
  });

  it('is forged without id, and with a time that is none', async () => {
    const headers = senders.standard.sign(secret, Buffer.from('{}'), now);
    const changes: Record<string, string>[] = [
      { 'webhook-id': '' },
      { 'webhook-timestamp': `${now / 1_000}.5` },
      { 'webhook-timestamp': '1e9' },
      { 'webhook-timestamp': '' },
      { 'webhook-timestamp': '-1' },
    ];
    for (const other of changes) {
      expect(await verify({ ...headers, ...other }, '{}')).toEqual({ isGenuine: false, fault: 'signature' });
    }
  });
});

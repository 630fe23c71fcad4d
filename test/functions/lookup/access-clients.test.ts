import { beforeEach, describe, expect, test } from 'vitest';
import { epoch } from '#test/support/records.ts';
import { secretsManager } from './access-secrets.ts';
import { connectionsFile, lookupOver, settleMs, type TestLookup } from './lookup-harness.ts';
import { setUpLookupTable, store } from './lookup-table.ts';

setUpLookupTable();

const lifeMs = 5 * 60_000;
const clock = { now: epoch };
let manager: ReturnType<typeof secretsManager>;
let lookup: TestLookup;

beforeEach(() => {
  clock.now = epoch;
  manager = secretsManager({
    'test/signing': { current: 's' },
    'test/crm': { current: 'crm secret & more:=%' },
    'test/all': { current: 'static' },
  });
  lookup = lookupOver(store, clock, connectionsFile, settleMs, { secrets: manager.open(() => clock.now) });
});

const statusOf = async (token: string): Promise<number> => (await lookup.get('/v1/conversations', token)).status;
const askToken = async (id: string, secret: string): Promise<number> => {
  const form = { grant_type: 'client_credentials', client_id: id, client_secret: secret };
  return (await lookup.call('/oauth/token', { method: 'POST', body: String(new URLSearchParams(form)) })).status;
};

describe('a client whose secret is gone', () => {
  test('with a static token is refused within five minutes, alone and without a 500', async () => {
    const reader = await lookup.token('reader');
    expect(await statusOf('static')).toBe(200);
    manager.kept.delete('test/all');
    clock.now += lifeMs - 1;
    expect(await statusOf('static')).toBe(200);
    clock.now += 1;
    expect(await statusOf('static')).toBe(401);
    expect(await statusOf(reader)).toBe(200);
  });

  test('with a secret gets no token any more, and the tokens it has end too', async () => {
    const token = await lookup.token('crm');
    expect(await statusOf(token)).toBe(200);
    manager.kept.delete('test/crm');
    clock.now += lifeMs;
    expect(await statusOf(token)).toBe(401);
    expect(await askToken('crm', 'crm secret & more:=%')).toBe(401);
    expect(await askToken('reader', 'r')).toBe(200);
  });
});

test('a static token that was replaced is refused within five minutes, and the new one known', async () => {
  expect(await statusOf('static')).toBe(200);
  manager.kept.set('test/all', { current: 'replaced' });
  clock.now += lifeMs;
  expect([await statusOf('static'), await statusOf('replaced')]).toEqual([401, 200]);
});

test('wrong credentials cost no request each, not even where a secret is missing', async () => {
  manager.kept.delete('test/crm');
  manager.kept.delete('test/all');
  for (let i = 0; i < 20; i++) {
    expect(await askToken('crm', `wrong ${i}`)).toBe(401);
    expect(await statusOf(`wrong-${i}`)).toBe(401);
  }
  // One for each of the two secrets; nothing was signed, so no key was needed.
  expect(manager.asked()).toBe(2);
  clock.now += 30_000;
  manager.kept.set('test/crm', { current: 'back' });
  expect(await askToken('crm', 'back')).toBe(200);
});

test('a service that does not answer is a 500 for unknown tokens only', async () => {
  const read = manager.open(() => clock.now).read;
  const secrets = {
    read: async (...[name, options]: Parameters<typeof read>) => {
      if (name === 'test/all') throw new Error('down');
      return read(name, options);
    },
  };
  lookup = lookupOver(store, clock, connectionsFile, settleMs, { secrets });
  expect(await statusOf(await lookup.token('reader'))).toBe(200);
  expect(await statusOf('static')).toBe(500);
});

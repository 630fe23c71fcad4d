import { GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Store } from '#shared/storage/document-client.ts';
import { epoch } from '#test/support/records.ts';
import { connectionsFile, lookupOver, type TestLookup } from './lookup-harness.ts';
import { setUpLookupTable, store } from './lookup-table.ts';

setUpLookupTable();

const minuteMs = 60_000;
const clock = { now: epoch };
/** commands that the store was sent */
let sent: unknown[] = [];
let limited = 0;

/** Each test has a minute of its own, and so counts of its own. */
beforeEach(() => {
  sent = [];
  limited += 10;
  clock.now = (Math.floor(epoch / minuteMs) + limited) * minuteMs + 12_345;
});

/** One more instance of the function over the same table. */
function instance(perMinute: number): TestLookup {
  const clients = connectionsFile.clients.map((client) => ({ ...client, perMinute }));
  const send = (command: Parameters<Store['documents']['send']>[0]) => {
    sent.push(command);
    return store.documents.send(command);
  };
  const documents = Object.assign(Object.create(store.documents), { send });
  return lookupOver({ ...store, documents }, clock, { ...connectionsFile, clients });
}

const writes = (): number => sent.filter((command) => command instanceof UpdateCommand).length;

/** How many of these calls were let through: to be told of a bad parameter, which is quick and counts as any other. */
async function ask(lookup: TestLookup, token: string, calls: number): Promise<number> {
  let answered = 0;
  for (let i = 0; i < calls; i++) {
    const { status } = await lookup.get('/v1/conversations?limit=0', token);
    if (status === 400) answered++;
  }
  return answered;
}

describe('calls of a client', () => {
  test.each([1, 2, 7, 45])('one instance lets exactly %i through in a minute', async (perMinute) => {
    const lookup = instance(perMinute);
    const token = await lookup.token('reader');
    expect(await ask(lookup, token, perMinute + 3)).toBe(perMinute);
    clock.now += minuteMs;
    expect(await ask(lookup, token, perMinute + 3)).toBe(perMinute);
  });

  test('are a 429 that says how long to wait, and then cost the store nothing', async () => {
    const lookup = instance(2);
    const token = await lookup.token('reader');
    await ask(lookup, token, 2);
    sent = [];
    const refused = await lookup.get('/v1/conversations', token);
    expect([refused.status, refused.headers['retry-after'], refused.json().code]).toEqual([
      429,
      String(Math.ceil((minuteMs - 12_345) / 1_000)),
      'tooManyRequests',
    ]);
    clock.now += minuteMs - 12_345 - 1;
    expect((await lookup.get('/v1/conversations', token)).headers['retry-after']).toBe('1');
    expect(sent).toEqual([]);
    clock.now += 1;
    expect(await ask(lookup, token, 1)).toBe(1);
  });

  test('are told in parts of a twentieth', async () => {
    const lookup = instance(100);
    const token = await lookup.token('reader');
    expect(await ask(lookup, token, 4)).toBe(4);
    expect(writes()).toBe(0);
    await ask(lookup, token, 96);
    expect(writes()).toBe(20);
  });

  test('are counted over all instances, each off by less than a part', async () => {
    const [one, two] = [instance(40), instance(40)];
    const token = await one.token('reader');
    let answered = 0;
    for (let i = 0; i < 40; i++) answered += (await ask(one, token, 1)) + (await ask(two, token, 1));
    expect(answered).toBeGreaterThanOrEqual(40);
    expect(answered).toBeLessThan(40 + 2);
    const exact = [instance(3), instance(3), instance(3)];
    const other = await one.token('public');
    for (const lookup of [...exact, ...exact]) answered += await ask(lookup, other, 1);
    expect(answered).toBeLessThan(40 + 2 + 3 + 1);
  });

  test('are exact also when they come at once', async () => {
    const lookup = instance(10);
    const token = await lookup.token('reader');
    const answers = await Promise.all(Array.from({ length: 25 }, () => ask(lookup, token, 1)));
    expect(answers.reduce((sum, one) => sum + one, 0)).toBe(10);
  });

  test('are counted for each client alone, in an item that goes by itself', async () => {
    const lookup = instance(1);
    const [reader, other] = [await lookup.token('reader'), await lookup.token('public')];
    expect([await ask(lookup, reader, 2), await ask(lookup, other, 2)]).toEqual([1, 1]);
    const minute = Math.floor(clock.now / minuteMs);
    const Key = { pk: 'calls', sk: `reader#${minute}` };
    const { Item } = await store.documents.send(new GetCommand({ TableName: store.table, Key }));
    expect(Item).toEqual({ ...Key, calls: 1, ttl: (minute + 1) * 60 + 3_600 });
  });
});

describe('nothing of the store is touched', () => {
  const targets = [
    '/v1/conversations',
    '/v1/conversations?ids=a',
    '/v1/conversations/a:b',
    '/v1/conversations/%ff/transcript',
    '/v1/connections',
    '/v1/connections/support',
  ];

  test.each(targets)('at %s without a token, or without the scope', async (target) => {
    const lookup = instance(100);
    const operator = await lookup.token('operator');
    expect((await lookup.get(target)).status).toBe(401);
    expect((await lookup.get(target, 'wrong')).status).toBe(401);
    expect((await lookup.get(target, operator)).status).toBe(403);
    expect(sent).toEqual([]);
  });

  test('by the token endpoint', async () => {
    const lookup = instance(1);
    for (let i = 0; i < 3; i++) await lookup.token('reader');
    expect((await lookup.call('/oauth/token', { method: 'POST', body: 'grant_type=client_credentials' })).status).toBe(
      401,
    );
    expect(sent).toEqual([]);
  });
});

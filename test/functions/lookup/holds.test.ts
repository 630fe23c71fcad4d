import { beforeAll, expect, test } from 'vitest';
import { connectionsFileSchema } from '#shared/domain/connections.ts';
import { formatInstant } from '#shared/domain/instant.ts';
import { itemAttributes } from '#shared/facts/table.ts';
import { getItem } from '#shared/storage/conversations.ts';
import { eraseRecord } from '#test/support/erase.ts';
import { epoch } from '#test/support/records.ts';
import { type HttpAnswer, lookupOver, type TestLookup } from './lookup-harness.ts';
import { clock, put, setUpLookupTable, store } from './lookup-table.ts';

setUpLookupTable();

const client = (clientId: string, scopes: string[], connections?: string[]) => ({
  ...{ clientId, clientSecret: clientId, scopes, perMinute: 100_000 },
  ...(connections && { connections }),
});
const file = connectionsFileSchema.parse({
  connections: [{ id: 'support', provider: 'talkdesk', credentials: { secret: 'x' } }],
  clients: [
    client('operator', ['operations:write']),
    client('limited', ['operations:write'], ['sales']),
    client('reader', ['interaction-content:read']),
  ],
});

let lookup: TestLookup;
let one: { id: string; uuid: string };
beforeAll(async () => {
  lookup = lookupOver(store, clock, file);
  one = await put('support', 'held/1');
});

const send = async (method: 'PUT' | 'DELETE' | 'GET', id: string, as = 'operator', query = ''): Promise<HttpAnswer> => {
  const headers = { authorization: `Bearer ${await lookup.token(as)}` };
  return lookup.call(`/v1/conversations/${encodeURIComponent(id)}/hold${query}`, { method, headers });
};
const body = ({ text }: HttpAnswer) => JSON.parse(text);
const held = async () => (await getItem(store, one.uuid))?.[itemAttributes.hold];

test('a hold is set once and ended once, however often that is asked for, by id or uuid', async () => {
  const since = formatInstant(epoch);
  clock.now = epoch;
  expect(body(await send('PUT', one.id))).toEqual({ id: one.id, uuid: one.uuid, held: true, since });
  clock.now += 60_000;
  expect(body(await send('PUT', one.uuid))).toEqual({ id: one.id, uuid: one.uuid, held: true, since });
  expect(await held()).toBe(since);
  for (const name of [one.id, one.uuid]) {
    expect(body(await send('DELETE', name))).toEqual({ id: one.id, uuid: one.uuid, held: false, since: null });
    expect(await held()).toBeUndefined();
  }
});

test('what does not exist, is gone, or may not be seen cannot be held', async () => {
  const gone = await put('support', 'gone');
  await eraseRecord(store, gone.uuid);
  for (const method of ['PUT', 'DELETE'] as const) {
    expect((await send(method, 'support:nobody')).status).toBe(404);
    expect((await send(method, gone.id)).status).toBe(404);
    expect((await send(method, one.id, 'limited')).status).toBe(404);
  }
  expect(await getItem(store, gone.uuid)).not.toHaveProperty(itemAttributes.hold);
});

test('a hold needs the scope for operations, takes no parameters, and is not read', async () => {
  expect((await send('PUT', one.id, 'reader')).status).toBe(403);
  expect((await send('PUT', one.id, 'operator', '?for=ever')).status).toBe(400);
  const read = await send('GET', one.id);
  expect([read.status, read.headers['allow']]).toEqual([405, 'PUT, DELETE']);
});

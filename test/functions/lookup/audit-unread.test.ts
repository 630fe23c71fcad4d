import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { formatInstant } from '#shared/domain/instant.ts';
import { hourMs, hourOf } from '#shared/domain/ledger.ts';
import { putVersion } from '#shared/storage/conversations.ts';
import { documentsOver } from '#shared/storage/document-client.ts';
import { quarantine } from '#shared/storage/quarantine.ts';
import { epoch, recordOf } from '#test/support/records.ts';
import { type TestStore, testStore } from '#test/support/store.ts';
import { lookupOver, type TestLookup } from './lookup-harness.ts';

/** Hours that no reading has told of are counted by what is stored and quarantined, the newest first. */

const hour = hourOf(epoch);
const at = (hours: number): string => formatInstant(hour + hours * hourMs);
let opened: TestStore;
let lookup: TestLookup;
let queries: string[] = [];

beforeAll(async () => {
  opened = await testStore();
  // Pages as small as can be, as those of a table with very many conversations are.
  const client = opened.dynamodb.another();
  client.middlewareStack.add(
    (next, { commandName = '' }) =>
      (call) => {
        if (commandName !== 'QueryCommand') return next(call);
        const input = call.input as { IndexName?: string; TableName: string; ScanIndexForward?: boolean };
        queries.push(input.IndexName ?? 'table');
        return next({ ...call, input: { ...input, ...(input.IndexName && { Limit: 1 }) } });
      },
    { step: 'initialize' },
  );
  lookup = lookupOver({ ...opened.store, documents: documentsOver(client) }, { now: hour + 2 * hourMs - 1 });
});
afterAll(() => opened.close());
beforeEach(() => {
  queries = [];
});

/** So many of a connection that began at an hour, a second apart. */
async function store(connection: string, hours: number, count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    const { conversation, transcript } = recordOf(`${connection}-${hours}-${i}`, {}, epoch, connection);
    const startedAt = formatInstant(hour + hours * hourMs + i * 1_000);
    await putVersion(
      opened.store,
      { conversation: { ...conversation, startedAt, providerCreatedAt: startedAt }, transcript },
      0,
    );
  }
}

const unread = { stream: 'calls', reason: 'no', raw: '{}' };
const audit = async (query: string, client = 'crm') => {
  const answer = await lookup.get(`/v1/audit${query}`, await lookup.token(client));
  return { status: answer.status, body: JSON.parse(answer.text) };
};
const span = `from=${at(-1)}&to=${at(2)}`;

it('counts what is quarantined in its hour, and what was stored or is gone since as that alone', async () => {
  await store('paused', 0, 2);
  const of = (externalId: string | null, listedAt: string | null) => ({
    ...{ ...unread, connection: 'paused', externalId, listedAt },
    raw: JSON.stringify(externalId),
  });
  for (const one of [of('never', at(0)), of('paused-0-1', at(1)), of(null, null)])
    await quarantine(opened.store, one, hour + hourMs + 1);
  const { hours, totals } = (await audit(`?connection=paused&${span}`)).body;
  const shown = hours.map(({ listed, stored, quarantined }: Record<string, number>) => [listed, stored, quarantined]);
  expect(shown).toEqual([
    [0, 0, 0],
    [3, 2, 1],
    [1, 0, 1],
  ]);
  expect(totals).toMatchObject({ listed: 4, stored: 2, quarantined: 2, gaps: 0, unverified: 3 });
});

it('counts the newest hours as far as one answer may go, and says of the others that they were not computed', async () => {
  await store('support', 1, 2);
  await store('support', 0, 20);
  await store('support', -1, 20);
  const { hours } = (await audit(`?connection=support&${span}`)).body;
  expect(hours.map(({ stored, computedAt }: Record<string, unknown>) => [stored, computedAt !== null])).toEqual([
    [0, false],
    [20, true],
    [2, true],
  ]);
  expect(queries.length).toBeLessThanOrEqual(30);
});

it('leaves every connection its share where there are several', async () => {
  await store('sales', 1, 1);
  const { hours } = (await audit(`?from=${at(1)}&to=${at(2)}`)).body;
  const shown = hours.map(({ connection, stored, computedAt }: Record<string, unknown>) => [
    ...[connection, stored, computedAt !== null],
  ]);
  expect(shown.sort()).toEqual([
    ['paused', 0, true],
    ['sales', 1, true],
    ['support', 2, true],
  ]);
});

it('shows a client its connections only, and none that it may not see by name', async () => {
  expect((await audit(`?connection=sales&${span}`, 'limited')).status).toBe(404);
  const { status, body } = await audit(`?${span}`, 'limited');
  expect(status).toBe(200);
  expect(new Set(body.hours.map(({ connection }: { connection: string }) => connection))).toEqual(new Set(['support']));
  expect(body.totals.stored).toBe(22);
  expect((await audit(`?${span}`, 'operator')).status).toBe(403);
});

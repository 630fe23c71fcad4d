import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ledgerStamps } from '#shared/domain/hour-books.ts';
import { formatInstant } from '#shared/domain/instant.ts';
import { hourMs, hourOf } from '#shared/domain/ledger.ts';
import { connectors } from '#shared/providers/registry.ts';
import { putVersion } from '#shared/storage/conversations.ts';
import { putIds } from '#shared/storage/ledger-ids.ts';
import { type HourRow, putHour } from '#shared/storage/ledger-rows.ts';
import { epoch, recordOf } from '#test/support/records.ts';
import { type TestStore, testStore } from '#test/support/store.ts';
import { connectionsFile, lookupOver, type TestLookup } from './lookup-harness.ts';

const hour = hourOf(epoch);
const at = (hours: number): string => formatInstant(hour + hours * hourMs);
let opened: TestStore;
let lookup: TestLookup;

const row: HourRow = {
  ...{
    connection: 'support',
    provider: 'talkdesk',
    hour: hour - 2 * hourMs,
    reading: 2,
    verifiedAt: at(0),
    computedAt: at(0),
  },
  ...{ listed: 5, stored: 1, quarantined: 1, erased: 1, expired: 0, missingAtSource: 1 },
  ...{ artifacts: { transcript: { ready: 1, failed: 2 } }, gaps: ['x'], isCut: true, ids: 5, isOpen: false },
};

beforeAll(async () => {
  opened = await testStore();
  lookup = lookupOver(opened.store, { now: epoch + 60_000 }, connectionsFile);
  await putHour(opened.store, row, null);
  await putIds(opened.store, row, {
    listed: [],
    unlisted: [],
    gaps: [
      ['x', at(-2)],
      ['y', at(-2)],
    ],
  });
  await putVersion(opened.store, recordOf('new', {}, epoch, 'support'), 0);
});
afterAll(() => opened.close());

const audit = async (query: string, client = 'crm') => {
  const answer = await lookup.get(`/v1/audit${query}`, await lookup.token(client));
  return { status: answer.status, body: JSON.parse(answer.text) };
};

describe('the audit', () => {
  it('shows verified hours by their rows and the others by what is stored, with totals that add up', async () => {
    const { status, body } = await audit(`?connection=support&from=${at(-2)}&to=${at(1)}`);
    expect(status).toBe(200);
    const [read, empty, fresh] = body.hours;
    expect(read).toEqual({
      ...{ connection: 'support', hour: at(-2), verifiedAt: at(0), computedAt: at(0), gaps: ['x', 'y'] },
      ...{ listed: 5, stored: 1, quarantined: 1, erased: 1, expired: 0, missingAtSource: 1 },
      artifacts: { transcript: { ready: 1, pending: 0, absent: 0, overdue: 0, failed: 2 } },
    });
    expect(empty).toMatchObject({ hour: at(-1), listed: 0, stored: 0, verifiedAt: null, gaps: [] });
    expect(fresh).toMatchObject({ hour: at(0), listed: 1, stored: 1, verifiedAt: null });
    expect(body.totals).toEqual({
      ...{ listed: 6, stored: 2, quarantined: 1, erased: 1, expired: 0, missingAtSource: 1, gaps: 2, unverified: 2 },
    });
  });

  it('shows the last day where nothing is said, and no hour that has not begun', async () => {
    const { hours } = (await audit('?connection=support')).body;
    expect(hours).toHaveLength(25);
    expect(hours.at(-1).hour).toBe(at(0));
    expect((await audit(`?connection=support&from=${at(5)}&to=${at(9)}`)).body.hours).toEqual([]);
  });

  it.each([
    ['an end before the beginning', `?from=${at(1)}&to=${at(0)}`, 'to'],
    ['an end at the beginning', `?from=${at(0)}&to=${at(0)}`, 'to'],
    ['more than 31 days', `?from=${at(0)}&to=${at(31 * 24 + 1)}`, 'to'],
    ['no instant', '?from=yesterday', 'from'],
    ['what it does not know', '?hour=1', 'hour'],
  ])('refuses %s and names the field', async (_what, query, name) => {
    const { status, body } = await audit(query);
    expect([status, body.fields.map((field: { name: string }) => field.name)]).toEqual([400, [name]]);
  });

  it('knows no connection that the caller may not see', async () => {
    expect((await audit('?connection=nobody')).status).toBe(404);
    const { hours } = (await audit('', 'crm')).body;
    expect(new Set(hours.map(({ connection }: { connection: string }) => connection)).has('support')).toBe(true);
  });
});

it('knows the stamp that each connector lists by', () => {
  const stamps = connectors.map(({ provider, streams }) => [provider, streams[0]?.ledger.stamp]);
  expect(Object.fromEntries(stamps)).toEqual(ledgerStamps);
});

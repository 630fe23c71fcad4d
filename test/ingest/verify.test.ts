import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ProviderUnavailable, RequestRejected } from '#shared/domain/errors.ts';
import { hourMs, hourOf } from '#shared/domain/ledger.ts';
import { getIds } from '#shared/storage/ledger-ids.ts';
import { type HourRow, listHours } from '#shared/storage/ledger-rows.ts';
import { quarantine } from '#shared/storage/quarantine.ts';
import { recomputeHour } from '#shared/storage/recompute-hour.ts';
import { eraseRecord } from '#test/support/erase.ts';
import { minute, openPolling, type Polling, record } from '#test/support/polling.ts';
import { epoch } from '#test/support/records.ts';
import type { Toy, ToyRecord } from '#test/support/toy-provider.ts';

let polling: Polling;
beforeEach(async () => {
  polling = await openPolling();
});
afterEach(() => polling.opened.close());

const hour = hourOf(epoch);
/** A record of the hour, so many minutes in it. */
const inHour = (id: string, minutes: number, more: Partial<ToyRecord> = {}): ToyRecord =>
  record(0, { id, at: hour + minutes * minute, ...more });

const rows = async (from = hour, to = hour + hourMs): Promise<HourRow[]> =>
  listHours(polling.opened.store, 'toy', { from, to }, true);
const theHour = async (): Promise<HourRow | undefined> => (await rows())[0];
const ledgerAskings = ({ asked }: Toy): string[] => asked.filter((asking) => asking.startsWith('ledger'));

/** The first run, before the hour begins; then one at its end, so that live has passed it. */
async function readLive(provider: Toy): Promise<void> {
  polling.clock = hour - minute;
  await polling.poll(provider);
  polling.clock = hour + hourMs + minute;
  await polling.poll(provider);
}

async function pollAt(provider: Toy, ms: number) {
  polling.clock = ms;
  return polling.poll(provider);
}

describe('an hour', () => {
  const connection = { verify: ['1h', '24h'], recheck: ['7d'] };

  it('is listed again at each offset and no more, with its books in a row and its ids in the bucket', async () => {
    const provider = polling.toy({ records: () => [inHour('a', 5), inHour('b', 50)], connection });
    await readLive(provider);
    expect(await theHour()).toBeUndefined();
    await pollAt(provider, hour + 2 * hourMs - 1);
    // The hour before it was not watched from its beginning.
    expect(ledgerAskings(provider)).toEqual([]);
    const summary = await pollAt(provider, hour + 2 * hourMs);
    expect(summary).toMatchObject({ stopped: 'done', verified: { hours: 1, gaps: 0 } });
    expect(await theHour()).toMatchObject({
      ...{ reading: 1, listed: 2, stored: 2, quarantined: 0, erased: 0, expired: 0, missingAtSource: 0, gaps: [] },
      ...{ artifacts: { transcript: { ready: 2 } }, verifiedAt: new Date(hour + 2 * hourMs).toISOString() },
    });
    expect(await getIds(polling.opened.store, { connection: 'toy', hour })).toMatchObject({ listed: ['a', 'b'] });
    await pollAt(provider, hour + 2 * hourMs + 10 * minute);
    expect((await theHour())?.reading).toBe(1);
    await pollAt(provider, hour + 26 * hourMs);
    expect((await theHour())?.reading).toBe(2);
  });

  it('that is empty has a row and no object', async () => {
    const provider = polling.toy({ records: () => [], connection });
    await readLive(provider);
    await pollAt(provider, hour + 2 * hourMs);
    expect(await theHour()).toMatchObject({ reading: 1, listed: 0, ids: 0 });
    await expect(getIds(polling.opened.store, { connection: 'toy', hour })).rejects.toThrow();
  });

  it('tells a record that was hidden from the first reading, stores it, and tells that the gap has closed', async () => {
    const records = [inHour('a', 5)];
    const provider = polling.toy({ records: () => records, connection });
    await readLive(provider);
    records.push(inHour('hidden', 6));
    expect((await pollAt(provider, hour + 2 * hourMs)).verified).toMatchObject({ hours: 1, gaps: 1 });
    expect((await polling.stored('hidden'))?.conversation.version).toBe(1);
    expect(provider.asked).toContain('hinted hidden');
    expect(await theHour()).toMatchObject({ reading: 2, listed: 2, stored: 2, gaps: [], isOpen: false });
    await pollAt(provider, hour + 2 * hourMs + 10 * minute);
    expect(await theHour()).toMatchObject({ reading: 2 });
  });

  it('keeps a gap that the provider lists and does not give, and asks again behind the next reading', async () => {
    const records = [inHour('a', 5)];
    let failing = true;
    const fault = (asking: string): void => {
      if (failing && asking === 'hinted ghost') throw new ProviderUnavailable('provider.example: 500', 500);
    };
    const provider = polling.toy({ records: () => records, connection, fault });
    await readLive(provider);
    records.push(inHour('ghost', 6));
    expect(await pollAt(provider, hour + 2 * hourMs)).toMatchObject({ stopped: 'done' });
    expect(await theHour()).toMatchObject({ reading: 1, listed: 2, stored: 1, gaps: ['ghost'], isOpen: false });
    await pollAt(provider, hour + 2 * hourMs + 10 * minute);
    expect(provider.asked.filter((asking) => asking === 'hinted ghost')).toHaveLength(1);
    failing = false;
    await pollAt(provider, hour + 26 * hourMs);
    expect(await theHour()).toMatchObject({ reading: 3, stored: 2, gaps: [] });
  });

  it('counts a record that cannot be understood as quarantined, not as a gap', async () => {
    const records = [inHour('a', 5), inHour('bad', 6, { broken: true }), inHour('', 7, { broken: true })];
    const provider = polling.toy({ records: () => records, connection: { ...connection, lookback: '30h' } });
    await readLive(provider);
    await pollAt(provider, hour + 2 * hourMs);
    expect(await theHour()).toMatchObject({ listed: 3, stored: 1, quarantined: 2, gaps: [] });
    records[1] = inHour('bad', 6);
    await pollAt(provider, hour + 26 * hourMs);
    // Its record came later.
    expect(await theHour()).toMatchObject({ listed: 3, stored: 2, quarantined: 1, gaps: [] });
  });

  it('counts what was quarantined without a usable stamp when it was seen', async () => {
    const provider = polling.toy({ records: () => [inHour('a', 5)], connection });
    await readLive(provider);
    const entry = { connection: 'toy', stream: 'records', reason: 'at: expected an instant' };
    const { store } = polling.opened;
    await quarantine(store, { ...entry, externalId: 'x', raw: '1' }, hour + 59 * minute);
    await quarantine(store, { ...entry, externalId: null, raw: '2' }, hour + 61 * minute);
    await pollAt(provider, hour + 3 * hourMs);
    const counts = (await rows(hour, hour + 2 * hourMs)).map(({ listed, quarantined, gaps }) => [
      listed,
      quarantined,
      gaps,
    ]);
    expect(counts).toEqual([
      [2, 1, []],
      [1, 1, []],
    ]);
  });
});

it('an hour is computed again for what was erased, which is no reading', async () => {
  const provider = polling.toy({
    records: () => [inHour('a', 5), inHour('b', 6)],
    connection: { verify: ['1h'], recheck: ['7d'] },
  });
  await readLive(provider);
  await pollAt(provider, hour + 2 * hourMs);
  const { store } = polling.opened;
  const erased = await polling.stored('a');
  if (!erased) throw new Error('not stored');
  await eraseRecord(store, erased.conversation.uuid);
  const place = { connection: 'toy', hour };
  expect(await recomputeHour(store, place, polling.clock + 1)).toBe(true);
  expect(await theHour()).toMatchObject({ reading: 1, listed: 2, stored: 1, erased: 1, gaps: [], isOpen: false });
  expect(await recomputeHour(store, { ...place, hour: hour - 9 * hourMs }, polling.clock)).toBe(false);
});

describe('a conversation that the provider lists no more', () => {
  const connection = { verify: ['1h', '24h', '48h'], recheck: ['7d'] };

  it('is missing at its source after two readings in a row, never gone, and present once it is listed again', async () => {
    const records = [inHour('a', 5), inHour('b', 6)];
    const provider = polling.toy({ records: () => records, connection });
    await readLive(provider);
    const [, gone] = records.splice(0, 2, inHour('a', 5));
    await pollAt(provider, hour + 2 * hourMs);
    expect(await theHour()).toMatchObject({ listed: 1, stored: 1, missingAtSource: 0 });
    expect((await polling.stored('b'))?.conversation).toMatchObject({ version: 1, source: 'present' });
    await pollAt(provider, hour + 25 * hourMs);
    expect(await theHour()).toMatchObject({ listed: 1, stored: 1, missingAtSource: 1, gaps: [] });
    expect((await polling.stored('b'))?.conversation).toMatchObject({ version: 2, source: 'missing' });
    if (gone) records.push(gone);
    await pollAt(provider, hour + 49 * hourMs);
    expect(await theHour()).toMatchObject({ listed: 2, stored: 2, missingAtSource: 0 });
    expect((await polling.stored('b'))?.conversation).toMatchObject({ version: 3, source: 'present' });
  });

  it('is not missing where a reading between has listed it', async () => {
    const [a, b] = [inHour('a', 5), inHour('b', 6)];
    let records = [a, b];
    const provider = polling.toy({ records: () => records, connection });
    await readLive(provider);
    for (const [hours, listed] of [
      [2, [a]],
      [25, [a, b]],
      [49, [a]],
    ] as const) {
      records = [...listed];
      await pollAt(provider, hour + hours * hourMs);
    }
    expect(await theHour()).toMatchObject({ reading: 3, listed: 1, missingAtSource: 0 });
  });
});

describe('a run', () => {
  const connection = { verify: ['1h'], recheck: ['7d'], every: '1m' };

  it('that is stopped in the middle leaves what it has done, and lists hours in a row as one window', async () => {
    const records = Array.from({ length: 12 }, (_, n) => record(0, { id: `r${n}`, at: hour + n * hourMs }));
    let left = Number.POSITIVE_INFINITY;
    const provider = polling.toy({
      records: () => records,
      connection,
      fault: (asking) => {
        if (asking.startsWith('ledger') && left-- <= 0) throw new ProviderUnavailable('provider.example: 503', 503);
      },
    });
    await readLive(provider);
    left = 1;
    const end = hour + 14 * hourMs;
    expect(await pollAt(provider, end)).toMatchObject({ stopped: 'failed', verified: { hours: 1 } });
    left = Number.POSITIVE_INFINITY;
    provider.asked.length = 0;
    expect(await pollAt(provider, end)).toMatchObject({ stopped: 'done', verified: { hours: 12 } });
    expect(ledgerAskings(provider).map((asking) => asking.split(' ').slice(1, 3).map(Number))).toEqual([
      [hour + hourMs, hour + 2 * hourMs],
      ...Array.from({ length: 2 }, () => [hour + 2 * hourMs, hour + 6 * hourMs]),
      ...Array.from({ length: 3 }, () => [hour + 6 * hourMs, hour + 13 * hourMs]),
    ]);
    const read = (await rows(hour, end)).map(({ listed, reading }) => [listed, reading]);
    expect(read).toEqual(Array.from({ length: 13 }, (_, n) => [n < 12 ? 1 : 0, 1]));
  });

  it('gives way to today between two pages and goes on where it was', async () => {
    const records = Array.from({ length: 10 }, (_, n) => inHour(`r${n}`, n));
    const provider = polling.toy({
      records: () => records,
      connection,
      fault: (asking) => {
        if (asking.startsWith('ledger')) polling.clock += 1.1 * minute;
      },
    });
    await readLive(provider);
    provider.asked.length = 0;
    await pollAt(provider, hour + 2 * hourMs);
    const kinds = provider.asked.map((asking) => asking.split(' ')[0]);
    expect(kinds.join(' ')).toMatch(/^list ledger (list ledger )*list$|^list (ledger list )+/);
    expect(ledgerAskings(provider).map((asking) => asking.split(' ')[3])).toEqual(['-', '2', '4', '6', '8']);
    expect(await theHour()).toMatchObject({ listed: 10, stored: 10 });
  });

  it('reads its history though the ledger is refused, and says so', async () => {
    const provider = polling.toy({
      records: () => [inHour('old', 1)],
      connection: { ...connection, backfill: '3h' },
      fault: (asking) => {
        if (asking.startsWith('ledger')) throw new RequestRejected('provider.example: 400', 400);
      },
    });
    const summary = await pollAt(provider, hour + 2 * hourMs);
    expect(summary).toMatchObject({ stopped: 'failed', error: { code: 'RequestRejected' } });
    expect(await polling.stored('old')).not.toBeNull();
    expect((await polling.health())?.checkpoint).toMatchObject({ backfill: null, owed: [{}] });
  });

  it('verifies history once, behind the backfill, and owes nothing then', async () => {
    const records = [inHour('old', 1)];
    const provider = polling.toy({ records: () => records, connection: { ...connection, backfill: '72h' } });
    expect(await pollAt(provider, hour + 71 * hourMs)).toMatchObject({ stopped: 'done' });
    expect(await theHour()).toMatchObject({ listed: 1, stored: 1, reading: 1 });
    const all = await rows(hour - 2 * hourMs, hour + 72 * hourMs);
    expect(all.map((row) => row.hour)).toEqual(Array.from({ length: 72 }, (_, n) => hour + (n - 1) * hourMs));
    expect((await polling.health())?.checkpoint).toMatchObject({ owed: [], watchedFrom: hour - hourMs });
  });
});

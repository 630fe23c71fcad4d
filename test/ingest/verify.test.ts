import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ProviderUnavailable } from '#shared/domain/errors.ts';
import { hourMs } from '#shared/domain/ledger.ts';
import { getIds } from '#shared/storage/ledger-ids.ts';
import { quarantine } from '#shared/storage/quarantine.ts';
import { recomputeHour } from '#shared/storage/recompute-hour.ts';
import { eraseRecord } from '#test/support/erase.ts';
import { minute, openPolling, type Polling } from '#test/support/polling.ts';
import { hour, hourRow, inHour, ledgerAskings, pollAt, readLive, rowsOf } from '#test/support/verifying.ts';

let polling: Polling;
beforeEach(async () => {
  polling = await openPolling();
});
afterEach(() => polling.opened.close());

describe('an hour', () => {
  const connection = { verify: ['1h', '24h'], recheck: ['7d'] };

  it('is listed again at each offset and no more, with its books in a row and its ids in the bucket', async () => {
    const provider = polling.toy({ records: () => [inHour('a', 5), inHour('b', 50)], connection });
    await readLive(polling, provider);
    expect(await hourRow(polling)).toBeUndefined();
    await pollAt(polling, provider, hour + 2 * hourMs - 1);
    // The hour before it was not watched from its beginning.
    expect(ledgerAskings(provider)).toEqual([]);
    const summary = await pollAt(polling, provider, hour + 2 * hourMs);
    expect(summary).toMatchObject({ stopped: 'done', verified: { hours: 1, gaps: 0 } });
    expect(await hourRow(polling)).toMatchObject({
      ...{ reading: 1, listed: 2, stored: 2, quarantined: 0, erased: 0, expired: 0, missingAtSource: 0, gaps: [] },
      ...{ artifacts: { transcript: { ready: 2 } }, verifiedAt: new Date(hour + 2 * hourMs).toISOString() },
    });
    expect(await getIds(polling.opened.store, { connection: 'toy', hour })).toMatchObject({ listed: ['a', 'b'] });
    await pollAt(polling, provider, hour + 2 * hourMs + 10 * minute);
    expect((await hourRow(polling))?.reading).toBe(1);
    await pollAt(polling, provider, hour + 26 * hourMs);
    expect((await hourRow(polling))?.reading).toBe(2);
  });

  it('that is empty has a row and no object', async () => {
    const provider = polling.toy({ records: () => [], connection });
    await readLive(polling, provider);
    await pollAt(polling, provider, hour + 2 * hourMs);
    expect(await hourRow(polling)).toMatchObject({ reading: 1, listed: 0, ids: 0 });
    await expect(getIds(polling.opened.store, { connection: 'toy', hour })).rejects.toThrow();
  });

  it('tells a record that was hidden from the first reading, stores it, and tells that the gap has closed', async () => {
    const records = [inHour('a', 5)];
    const provider = polling.toy({ records: () => records, connection });
    await readLive(polling, provider);
    records.push(inHour('hidden', 6));
    expect((await pollAt(polling, provider, hour + 2 * hourMs)).verified).toMatchObject({
      hours: 1,
      gaps: 1,
      gapsLeft: 0,
    });
    expect((await polling.stored('hidden'))?.conversation.version).toBe(1);
    expect(provider.asked).toContain('hinted hidden');
    expect(await hourRow(polling)).toMatchObject({ reading: 2, listed: 2, stored: 2, gaps: [], isOpen: false });
    await pollAt(polling, provider, hour + 2 * hourMs + 10 * minute);
    expect(await hourRow(polling)).toMatchObject({ reading: 2 });
  });

  it('keeps a gap that the provider lists and does not give, and asks again behind the next reading', async () => {
    const records = [inHour('a', 5)];
    let failing = true;
    const fault = (asking: string): void => {
      if (failing && asking === 'hinted ghost') throw new ProviderUnavailable('provider.example: 500', 500);
    };
    const provider = polling.toy({ records: () => records, connection, fault });
    await readLive(polling, provider);
    records.push(inHour('ghost', 6));
    const summary = await pollAt(polling, provider, hour + 2 * hourMs);
    expect(summary).toMatchObject({ stopped: 'done', verified: { gaps: 1, gapsLeft: 1 } });
    expect(await hourRow(polling)).toMatchObject({ reading: 1, listed: 2, stored: 1, gaps: ['ghost'], isOpen: false });
    expect((await pollAt(polling, provider, hour + 2 * hourMs + 10 * minute)).verified.gapsLeft).toBe(0);
    expect(provider.asked.filter((asking) => asking === 'hinted ghost')).toHaveLength(1);
    failing = false;
    await pollAt(polling, provider, hour + 26 * hourMs);
    expect(await hourRow(polling)).toMatchObject({ reading: 3, stored: 2, gaps: [] });
  });

  it('counts a record that cannot be understood as quarantined, not as a gap', async () => {
    const records = [inHour('a', 5), inHour('bad', 6, { broken: true }), inHour('', 7, { broken: true })];
    const provider = polling.toy({ records: () => records, connection: { ...connection, lookback: '30h' } });
    await readLive(polling, provider);
    await pollAt(polling, provider, hour + 2 * hourMs);
    expect(await hourRow(polling)).toMatchObject({ listed: 3, stored: 1, quarantined: 2, gaps: [] });
    records[1] = inHour('bad', 6);
    await pollAt(polling, provider, hour + 26 * hourMs);
    // Its record came later.
    expect(await hourRow(polling)).toMatchObject({ listed: 3, stored: 2, quarantined: 1, gaps: [] });
  });

  it('counts what was quarantined without a usable stamp when it was seen', async () => {
    const provider = polling.toy({ records: () => [inHour('a', 5)], connection });
    await readLive(polling, provider);
    const entry = { connection: 'toy', stream: 'records', reason: 'at: expected an instant' };
    const { store } = polling.opened;
    await quarantine(store, { ...entry, externalId: 'x', raw: '1' }, hour + 59 * minute);
    await quarantine(store, { ...entry, externalId: null, raw: '2' }, hour + 61 * minute);
    await pollAt(polling, provider, hour + 3 * hourMs);
    const counts = (await rowsOf(polling, hour, hour + 2 * hourMs)).map(({ listed, quarantined, gaps }) => [
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
  await readLive(polling, provider);
  await pollAt(polling, provider, hour + 2 * hourMs);
  const { store } = polling.opened;
  const erased = await polling.stored('a');
  if (!erased) throw new Error('not stored');
  await eraseRecord(store, erased.conversation.uuid);
  const place = { connection: 'toy', hour };
  expect(await recomputeHour(store, place, polling.clock + 1)).toBe(true);
  expect(await hourRow(polling)).toMatchObject({
    reading: 1,
    listed: 2,
    stored: 1,
    erased: 1,
    gaps: [],
    isOpen: false,
  });
  expect(await recomputeHour(store, { ...place, hour: hour - 9 * hourMs }, polling.clock)).toBe(false);
});

describe('a conversation that the provider lists no more', () => {
  const connection = { verify: ['1h', '24h', '48h'], recheck: ['7d'] };

  it('is missing at its source after two readings in a row, never gone, and present once it is listed again', async () => {
    const records = [inHour('a', 5), inHour('b', 6)];
    const provider = polling.toy({ records: () => records, connection });
    await readLive(polling, provider);
    const [, gone] = records.splice(0, 2, inHour('a', 5));
    await pollAt(polling, provider, hour + 2 * hourMs);
    expect(await hourRow(polling)).toMatchObject({ listed: 1, stored: 1, missingAtSource: 0 });
    expect((await polling.stored('b'))?.conversation).toMatchObject({ version: 1, source: 'present' });
    await pollAt(polling, provider, hour + 25 * hourMs);
    expect(await hourRow(polling)).toMatchObject({ listed: 1, stored: 1, missingAtSource: 1, gaps: [] });
    expect((await polling.stored('b'))?.conversation).toMatchObject({ version: 2, source: 'missing' });
    if (gone) records.push(gone);
    await pollAt(polling, provider, hour + 49 * hourMs);
    expect(await hourRow(polling)).toMatchObject({ listed: 2, stored: 2, missingAtSource: 0 });
    expect((await polling.stored('b'))?.conversation).toMatchObject({ version: 3, source: 'present' });
  });

  it('is not missing where a reading between has listed it', async () => {
    const [a, b] = [inHour('a', 5), inHour('b', 6)];
    let records = [a, b];
    const provider = polling.toy({ records: () => records, connection });
    await readLive(polling, provider);
    for (const [hours, listed] of [
      [2, [a]],
      [25, [a, b]],
      [49, [a]],
    ] as const) {
      records = [...listed];
      await pollAt(polling, provider, hour + hours * hourMs);
    }
    expect(await hourRow(polling)).toMatchObject({ reading: 3, listed: 1, missingAtSource: 0 });
  });
});

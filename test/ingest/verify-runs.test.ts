import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ProviderUnavailable, RequestRejected } from '#shared/domain/errors.ts';
import { hourMs } from '#shared/domain/ledger.ts';
import { minute, openPolling, type Polling, record } from '#test/support/polling.ts';
import { hour, hourRow, inHour, ledgerAskings, pollAt, readLive, rowsOf } from '#test/support/verifying.ts';

let polling: Polling;
beforeEach(async () => {
  polling = await openPolling();
});
afterEach(() => polling.opened.close());

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
    await readLive(polling, provider);
    left = 1;
    const end = hour + 14 * hourMs;
    expect(await pollAt(polling, provider, end)).toMatchObject({ stopped: 'failed', verified: { hours: 1 } });
    left = Number.POSITIVE_INFINITY;
    provider.asked.length = 0;
    expect(await pollAt(polling, provider, end)).toMatchObject({ stopped: 'done', verified: { hours: 12 } });
    expect(ledgerAskings(provider).map((asking) => asking.split(' ').slice(1, 3).map(Number))).toEqual([
      [hour + hourMs, hour + 2 * hourMs],
      ...Array.from({ length: 2 }, () => [hour + 2 * hourMs, hour + 6 * hourMs]),
      ...Array.from({ length: 3 }, () => [hour + 6 * hourMs, hour + 13 * hourMs]),
    ]);
    const read = (await rowsOf(polling, hour, end)).map(({ listed, reading }) => [listed, reading]);
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
    await readLive(polling, provider);
    provider.asked.length = 0;
    await pollAt(polling, provider, hour + 2 * hourMs);
    const kinds = provider.asked.map((asking) => asking.split(' ')[0]);
    expect(kinds.join(' ')).toMatch(/^list ledger (list ledger )*list$|^list (ledger list )+/);
    expect(ledgerAskings(provider).map((asking) => asking.split(' ')[3])).toEqual(['-', '2', '4', '6', '8']);
    expect(await hourRow(polling)).toMatchObject({ listed: 10, stored: 10 });
  });

  it('reads its history though the ledger is refused, and says so', async () => {
    const provider = polling.toy({
      records: () => [inHour('old', 1)],
      connection: { ...connection, backfill: '3h' },
      fault: (asking) => {
        if (asking.startsWith('ledger')) throw new RequestRejected('provider.example: 400', 400);
      },
    });
    const summary = await pollAt(polling, provider, hour + 2 * hourMs);
    expect(summary).toMatchObject({ stopped: 'failed', error: { code: 'RequestRejected' } });
    expect(await polling.stored('old')).not.toBeNull();
    expect((await polling.health())?.checkpoint).toMatchObject({ backfill: null, owed: [{}] });
  });

  it('verifies history once, behind the backfill, and owes nothing then', async () => {
    const records = [inHour('old', 1)];
    const provider = polling.toy({ records: () => records, connection: { ...connection, backfill: '72h' } });
    expect(await pollAt(polling, provider, hour + 71 * hourMs)).toMatchObject({ stopped: 'done' });
    expect(await hourRow(polling)).toMatchObject({ listed: 1, stored: 1, reading: 1 });
    const all = await rowsOf(polling, hour - 2 * hourMs, hour + 72 * hourMs);
    expect(all.map((row) => row.hour)).toEqual(Array.from({ length: 72 }, (_, n) => hour + (n - 1) * hourMs));
    expect((await polling.health())?.checkpoint).toMatchObject({ owed: [], watchedFrom: hour - hourMs });
  });
});

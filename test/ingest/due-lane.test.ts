import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { minute, openPolling, type Polling, record } from '#test/support/polling.ts';
import { epoch } from '#test/support/records.ts';
import type { ToyRecord } from '#test/support/toy-provider.ts';

let polling: Polling;
beforeEach(async () => {
  polling = await openPolling();
});
afterEach(() => polling.opened.close());

describe('the due lane', () => {
  const connection = { recheck: ['1m', '5m'] };
  const again = (asked: readonly string[]) => asked.filter((asking) => asking.startsWith('again'));

  it('asks at each offset from the first sight, and writes nothing when it is fruitless', async () => {
    const { transcript: _, ...silent } = record(1);
    const provider = polling.toy({ records: () => [silent], connection });
    await polling.poll(provider);
    polling.clock = epoch + minute - 1;
    await polling.poll(provider);
    expect(again(provider.asked)).toEqual([]);
    polling.clock = epoch + 2 * minute;
    expect((await polling.poll(provider)).due).toBe(0);
    expect(again(provider.asked)).toEqual(['again r1']);
    expect((await polling.stored('r1'))?.conversation.version).toBe(1);
  });

  it('brings a transcript that came late', async () => {
    const { transcript: _, ...silent } = record(1);
    const records: ToyRecord[] = [silent];
    const provider = polling.toy({ records: () => records, connection: { ...connection, lookback: '1s' } });
    await polling.poll(provider);
    polling.clock = epoch + 5_000;
    await polling.poll(provider);
    // The live window has moved on: only the due lane can bring it.
    records[0] = record(1, { transcript: 'at last' });
    polling.clock = epoch + 62_000;
    expect((await polling.poll(provider)).due).toBe(1);
    expect((await polling.stored('r1'))?.transcript?.text).toBe('at last');
  });

  it('calls it overdue after the last offset, then asks daily for a week and never again', async () => {
    const { transcript: _, ...silent } = record(1);
    const provider = polling.toy({ records: () => [silent], connection });
    await polling.poll(provider);
    polling.clock = epoch + 6 * minute;
    expect(await polling.poll(provider)).toMatchObject({ due: 1, overdue: 1 });
    expect((await polling.stored('r1'))?.conversation).toMatchObject({
      version: 2,
      completedVersion: 2,
      artifacts: { transcript: { state: 'overdue' } },
    });
    const before = again(provider.asked).length;
    for (let day = 1; day <= 10; day++) {
      polling.clock = epoch + 6 * minute + day * 86_400_000;
      await polling.poll(provider);
    }
    expect(again(provider.asked).length - before).toBe(7);
    expect((await polling.stored('r1'))?.conversation.version).toBe(2);
  });

  it('leaves the rest to the next run when the time is up, and begins there', async () => {
    const silent = [3, 2, 1].map((n) => {
      const { transcript: _, ...rest } = record(n);
      return rest;
    });
    let slow = false;
    const provider = polling.toy({
      records: () => silent,
      pageSize: 1,
      connection,
      // Each page takes a millisecond, so that each record is first seen at an instant of its own; later, too long.
      fault: () => {
        polling.clock += slow ? 11 * minute : 1;
      },
    });
    await polling.poll(provider);
    polling.clock = epoch + 2 * minute;
    slow = true;
    expect(await polling.poll(provider)).toMatchObject({ stopped: 'timeUp' });
    expect(again(provider.asked)).toEqual([]);
    slow = false;
    await polling.poll(provider);
    expect(new Set(again(provider.asked))).toEqual(new Set(['again r1', 'again r2', 'again r3']));
  });
});

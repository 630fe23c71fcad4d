import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openPolling, type Polling } from '#test/support/polling.ts';
import { epoch } from '#test/support/records.ts';
import type { ToyRecord } from '#test/support/toy-provider.ts';

let polling: Polling;
beforeEach(async () => {
  polling = await openPolling();
});
afterEach(() => polling.opened.close());

const hour = 3_600_000;
const week = 168 * hour;
let records: ToyRecord[];

const began = (at: number): ToyRecord => ({ id: `at-${at}`, at, title: 'a call', transcript: 'hi' });
/** Six conversations around the hours of `epoch` in each of the last weeks. */
const weeks = (count: number) =>
  Array.from({ length: count }, (_, i) =>
    Array.from({ length: 6 }, (__, n) => began(epoch - (i + 1) * week - 2 * hour + n * 60_000)),
  ).flat();

const open = () => polling.toy({ records: () => records, pageSize: 50, connection: { backfill: '35d' } });
const silence = async () => (await polling.health())?.silence ?? null;

describe('a connection from which nothing comes', () => {
  it('is silent where the same hours of the last weeks had enough, until something comes', async () => {
    records = weeks(4);
    const toy = open();
    expect(await polling.poll(toy)).toMatchObject({ stopped: 'done', silent: true });
    const newest = epoch - week - 2 * hour + 5 * 60_000;
    expect(await silence()).toEqual({ checkedAt: epoch, since: newest });
    // Known without looking again.
    polling.clock += 60_000;
    expect(await polling.poll(toy)).toMatchObject({ silent: true });
    expect((await silence())?.checkedAt).toBe(epoch);
    polling.clock += 60_000;
    records.push(began(polling.clock - 1_000));
    expect(await polling.poll(toy)).toMatchObject({ silent: false, counts: { discovered: 1 } });
    expect(await silence()).toEqual({ checkedAt: polling.clock, since: null });
  });

  it.each([
    ['too few weeks had any', () => weeks(2)],
    ['too few conversations came in them', () => weeks(4).filter((_, i) => i % 2 === 0)],
    ['some came a short while ago', () => [...weeks(4), began(epoch - 3 * hour)]],
    ['nothing is known of it', () => []],
  ])('is not silent where %s', async (_name, listed) => {
    records = listed();
    expect(await polling.poll(open())).toMatchObject({ stopped: 'done', silent: false });
    expect(await silence()).toEqual({ checkedAt: epoch, since: null });
  });

  it('is not judged while its history is still being read, nor by a run that failed', async () => {
    records = weeks(4);
    let fails = true;
    const fault = () => {
      if (fails) throw new Error('down');
    };
    const toy = polling.toy({ records: () => records, fault, connection: { backfill: '35d' } });
    expect(await polling.poll(toy)).toMatchObject({ stopped: 'failed', silent: false });
    expect(await silence()).toBe(null);
    fails = false;
    expect(await polling.poll(toy)).toMatchObject({ silent: true });
    // What was known stays known.
    fails = true;
    polling.clock += 2 * hour;
    expect(await polling.poll(toy)).toMatchObject({ stopped: 'failed', silent: true });
  });

  it('costs one read an hour while conversations come', async () => {
    records = [began(epoch - 1_000)];
    const toy = open();
    await polling.poll(toy);
    let reads = 0;
    const { store } = polling.opened;
    const send = store.documents.send.bind(store.documents);
    vi.spyOn(store.documents, 'send').mockImplementation((command: { input: object }) => {
      // The ledger reads the same index, an hour of it from an edge to an edge.
      const asked = JSON.stringify(command.input);
      if (asked.includes('byStart') && asked.includes('"Limit":1')) reads += 1;
      return send(command as never);
    });
    for (let n = 0; n < 12; n++) {
      polling.clock += 600_000;
      records.push(began(polling.clock - 1_000));
      await polling.poll(toy);
    }
    expect(reads).toBe(2);
  });
});

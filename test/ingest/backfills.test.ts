import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Operation } from '#shared/domain/operation.ts';
import { cancelOperation } from '#shared/storage/operations.ts';
import { listWaiting } from '#shared/storage/waiting-operations.ts';
import { askBackfill, day, isHistory, old, shownBackfill } from '#test/support/asked-backfills.ts';
import { minute, openPolling, type Polling, record } from '#test/support/polling.ts';
import { epoch } from '#test/support/records.ts';
import type { ToyRecord } from '#test/support/toy-provider.ts';

let polling: Polling;
beforeEach(async () => {
  polling = await openPolling();
});
afterEach(() => polling.opened.close());

const hour = 3_600_000;
const ask = (id: string, from: number, days: number): Promise<void> => askBackfill(polling, id, from, days);
const shown = (id: string): Promise<Operation | null> => shownBackfill(polling, id);
const lists = (asked: readonly string[]): string[] => asked.filter((asking) => asking.startsWith('list'));

describe('a backfill', () => {
  it('reads its span and nothing beyond, and leaves the live lane and the other one where they are', async () => {
    const records = [old(-1), old(0), old(1), old(47), old(48), record(99)];
    const provider = polling.toy({ records: () => records, pageSize: 1 });
    await polling.poll(provider);
    const before = (await polling.health())?.checkpoint;
    await ask('a', 40, 2);
    expect(await polling.poll(provider)).toMatchObject({ stopped: 'done', counts: { discovered: 3 } });
    expect(await polling.stored('r0')).not.toBeNull();
    expect(await polling.stored('r-1')).toBeNull();
    expect(await polling.stored('r48')).toBeNull();
    expect(await shown('a')).toMatchObject({
      ...{ state: 'done', progress: { done: 2 * 86_400, total: 2 * 86_400 }, estimateSeconds: null, error: null },
      result: { discovered: 3, updated: 0, unchanged: 0, quarantined: 0 },
    });
    expect((await polling.health())?.checkpoint).toEqual({ ...before, owed: [] });
    expect((await polling.stored('r0'))?.conversation).toMatchObject({ version: 1 });
    expect(provider.lanes.at(-1)).toBe('backfill');
  });

  it('goes on where it was stopped, with what it has spent, and is not read twice', async () => {
    const records = Array.from({ length: 6 }, (_, n) => old(n));
    const provider = polling.toy({
      records: () => records,
      pageSize: 2,
      connection: { rateLimit: { perMinute: 30 } },
      // A run of ten minutes has time for a part of the windows.
      fault: (asking) => {
        if (isHistory(asking)) polling.clock += minute;
      },
    });
    await polling.poll(provider);
    await ask('a', 40, 2);
    expect((await polling.poll(provider)).stopped).toBe('timeUp');
    const left = await shown('a');
    expect(left).toMatchObject({ state: 'running', progress: { total: 172_800 }, error: null });
    expect(left?.estimateSeconds).toBeGreaterThan(left?.progress.done ? 60 : 0);
    for (let runs = 0; runs < 20 && (await polling.poll(provider)).stopped === 'timeUp'; runs++);
    expect(await shown('a')).toMatchObject({ state: 'done', result: { discovered: 6, unchanged: 0 } });
    const history = lists(provider.asked).filter(isHistory);
    expect(new Set(history).size).toBe(history.length);
  });

  it('goes through all streams of its connection, one after the other', async () => {
    const first = polling.toy({ records: () => [old(1)] });
    const { stream, connector } = first;
    const streams = [stream, { ...stream, name: 'others' }];
    const provider = { ...first, connector: { ...connector, streams } };
    const others = { ...provider, stream: { ...stream, name: 'others' } };
    await ask('a', 40, 1);
    await polling.poll(others);
    expect(await shown('a')).toMatchObject({ state: 'running', progress: { done: 0 } });
    await polling.poll(provider);
    expect(await shown('a')).toMatchObject({ state: 'running', progress: { done: 86_400, total: 2 * 86_400 } });
    await polling.poll(others);
    const result = { discovered: 1, unchanged: 1 };
    expect(await shown('a')).toMatchObject({ state: 'done', progress: { done: 2 * 86_400 }, result });
  });

  it('reads by the stamp that never moves, and asks again for what is open', async () => {
    const records: ToyRecord[] = [{ ...old(1), stamp: '2026-01-01T00:00:00Z' }];
    const provider = polling.toy({ records: () => records, withDetail: true });
    const { stream } = provider;
    provider.stream = {
      ...stream,
      fetchPage: async (session, window, cursor) => ({
        ...(await stream.fetchPage(session, window, cursor)),
        ...(isHistory(`list ${window.from}`) && { records: [] }),
      }),
      fetchSpan: stream.fetchPage,
    };
    delete records[0]?.transcript;
    await ask('a', 40, 1);
    await polling.poll(provider);
    expect((await polling.stored('r1'))?.conversation.artifacts['transcript']).toMatchObject({ state: 'pending' });
    records[0] = { ...old(1), stamp: '2026-01-01T00:00:00Z' };
    await ask('b', 40, 2);
    await polling.poll(provider);
    expect((await polling.stored('r1'))?.conversation).toMatchObject({
      version: 2,
      artifacts: { transcript: { state: 'ready' } },
    });
    await ask('c', 41, 2);
    await polling.poll(provider);
    expect(provider.asked.filter((asking) => asking === 'detail r1')).toHaveLength(2);
  });

  it('keeps the stream though its pages hold nothing', async () => {
    const others: string[] = [];
    const provider = polling.toy({ records: () => [] });
    const { stream } = provider;
    provider.stream = {
      ...stream,
      fetchPage: async (...asking) => {
        if (asking[1].to < epoch - day) {
          polling.clock += 15_000;
          others.push((await polling.poll(polling.toy({ records: () => [] }))).stopped);
        }
        return stream.fetchPage(...asking);
      },
    };
    await ask('a', 40, 0.25);
    expect((await polling.poll(provider)).stopped).toBe('done');
    expect(others).toEqual(Array.from({ length: 6 }, () => 'leaseHeld'));
  });

  it('comes after the one that was asked for before it', async () => {
    const records = [old(1), old(25)];
    const provider = polling.toy({ records: () => records });
    await ask('b', 39, 1);
    await ask('a', 40, 1);
    await polling.poll(provider);
    const starts = lists(provider.asked)
      .filter(isHistory)
      .map((asking) => Number(asking.split(' ')[1]));
    expect([starts[0], starts.at(-1)]).toEqual([epoch - 40 * day, epoch - 39 * day + 23 * hour]);
    expect([(await shown('a'))?.state, (await shown('b'))?.state]).toEqual(['done', 'done']);
  });

  it('ends at the next page when it is cancelled, and goes on there when it is asked for again', async () => {
    const records = Array.from({ length: 8 }, (_, n) => old(n));
    let pages = 0;
    const provider = polling.toy({
      records: () => records,
      fault: (asking) => {
        if (isHistory(asking)) pages += 1;
      },
    });
    const { stream } = provider;
    provider.stream = {
      ...stream,
      fetchPage: async (...asking) => {
        if (pages === 1) await cancelOperation(polling.opened.store, { kind: 'backfills', id: 'a' });
        return stream.fetchPage(...asking);
      },
    };
    await ask('a', 40, 2);
    await ask('b', 10, 1);
    expect((await polling.poll(provider)).stopped).toBe('done');
    expect(await shown('a')).toMatchObject({ state: 'cancelled', error: null });
    expect(await shown('b')).toMatchObject({ state: 'done' });
    expect(lists(provider.asked).filter((asking) => Number(asking.split(' ')[1]) < epoch - 30 * day)).toHaveLength(2);
  });

  it('asks the table once where nothing is open, and forgets what has ended', async () => {
    const provider = polling.toy({ records: () => [] });
    await ask('a', 40, 1);
    await polling.poll(provider);
    const { store } = polling.opened;
    expect(await listWaiting(store, 'toy', 'backfills')).toHaveLength(1);
    polling.clock += 6 * minute;
    await polling.poll(provider);
    expect(await listWaiting(store, 'toy', 'backfills')).toEqual([]);
  });
});

describe('today’s calls', () => {
  const pageMs = 5_000;
  const ticks = 5;

  /** How long each call takes from its listing to its storing, over ticks of a minute each (milliseconds). */
  async function lags(backfilled: boolean): Promise<number[]> {
    const seen = new Map<string, number>();
    const calls = Array.from(
      { length: ticks * 6 },
      (_, n): ToyRecord => ({ ...record(n), id: `c${n}`, at: epoch + n * 10_000 }),
    );
    const history = Array.from(
      { length: 40 },
      (_, n): ToyRecord => ({ ...record(n), id: `h${n}`, at: epoch - 90 * day + n * 50 * hour }),
    );
    const provider = polling.toy({
      records: () => [...history, ...calls.filter(({ at: came }) => came < polling.clock)],
      pageSize: 20,
      connection: { every: '1m', rateLimit: { perMinute: 600 } },
      fault: () => {
        polling.clock += pageMs;
      },
    });
    const { stream } = provider;
    provider.stream = {
      ...stream,
      fetchPage: async (session, window, cursor) => {
        const page = await stream.fetchPage(session, window, cursor);
        for (const { id } of page.records as ToyRecord[]) if (!seen.has(id)) seen.set(id, polling.clock);
        return page;
      },
    };
    if (backfilled) await ask('a', 90, 90);
    for (let tick = 0; tick < ticks; tick++) {
      polling.clock = Math.max(polling.clock, epoch + tick * minute);
      await polling.poll(provider);
    }
    return calls.slice(0, -12).map(({ id, at: came }) => (seen.get(id) ?? Number.POSITIVE_INFINITY) - came);
  }

  it('wait for a backfill of 90 days no longer than for the end of one page', async () => {
    const alone = Math.max(...(await lags(false)));
    const other = await openPolling();
    await polling.opened.close();
    polling = other;
    expect(Math.max(...(await lags(true)))).toBeLessThanOrEqual(alone + pageMs);
    expect((await shown('a'))?.progress.done).toBeGreaterThan(20 * 86_400);
  });
});

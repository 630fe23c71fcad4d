import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkpointSchema } from '#shared/domain/checkpoint.ts';
import { CredentialsRejected, ProviderUnavailable, RateLimited, RequestRejected } from '#shared/domain/errors.ts';
import { pageLimit } from '#shared/ingest/read-window.ts';
import { saveCheckpoint, takeLease } from '#shared/storage/streams.ts';
import { minute, openPolling, type Polling, record } from '#test/support/polling.ts';
import { epoch } from '#test/support/records.ts';
import type { ToyRecord } from '#test/support/toy-provider.ts';

let polling: Polling;
beforeEach(async () => {
  polling = await openPolling();
});
afterEach(() => polling.opened.close());

describe('a run', () => {
  it('stores what the window lists, once, and reads only what came since', async () => {
    const records = [record(3), record(2), record(1)];
    const provider = polling.toy({ records: () => records });
    expect((await polling.poll(provider)).counts).toMatchObject({ discovered: 3, unchanged: 0 });
    polling.clock += minute;
    records.push({ ...record(0), at: epoch + 30_000 });
    expect((await polling.poll(provider)).counts).toMatchObject({ discovered: 1, updated: 0 });
    expect((await polling.stored('r0'))?.conversation).toMatchObject({ version: 1, title: 'title 0' });
  });

  it('finds what came late inside the lookback', async () => {
    const records: ToyRecord[] = [];
    const provider = polling.toy({ records: () => records });
    await polling.poll(provider);
    polling.clock += minute;
    records.push(record(20));
    expect((await polling.poll(provider)).counts.discovered).toBe(1);
  });

  it('makes a version for a change and none for the same again', async () => {
    const records = [record(1)];
    const provider = polling.toy({ records: () => records });
    await polling.poll(provider);
    records[0] = record(1, { title: 'changed' });
    polling.clock += 1_000;
    expect((await polling.poll(provider)).counts.updated).toBe(1);
    polling.clock += 1_000;
    expect((await polling.poll(provider)).counts).toMatchObject({ updated: 0, unchanged: 1 });
    expect((await polling.stored('r1'))?.conversation).toMatchObject({ version: 2, title: 'changed' });
  });

  it('goes on in the middle of a window after a failure, with the window as it was', async () => {
    let fail = true;
    const records = [5, 4, 3, 2, 1].map((n) => record(n));
    const provider = polling.toy({
      records: () => records,
      fault: (asking) => {
        if (fail && asking.endsWith(' 4')) throw new ProviderUnavailable('down');
      },
    });
    expect(await polling.poll(provider)).toMatchObject({ stopped: 'failed', pages: 2 });
    expect((await polling.health())?.checkpoint?.live).toMatchObject({
      watermark: epoch - minute,
      resume: { to: epoch, cursor: '4', pages: 2 },
    });
    fail = false;
    polling.clock += 10 * minute;
    provider.asked.length = 0;
    await polling.poll(provider);
    expect(provider.asked[0]).toBe(`list ${epoch - minute} ${epoch} 4`);
    expect(await polling.stored('r1')).not.toBeNull();
  });

  it('begins a window again whose cursor was refused', async () => {
    const records = [3, 2, 1].map((n) => record(n));
    let refuse = true;
    const provider = polling.toy({
      records: () => records,
      fault: (asking) => {
        if (refuse && asking.endsWith(' 2')) throw new RequestRejected('cursor expired', 400);
      },
    });
    expect((await polling.poll(provider)).stopped).toBe('failed');
    expect((await polling.health())?.checkpoint?.live).toEqual({ watermark: epoch - minute, resume: null });
    refuse = false;
    expect(await polling.poll(provider)).toMatchObject({ stopped: 'done', counts: { discovered: 1, unchanged: 2 } });
  });

  it('stops a chain of pages that loops', async () => {
    const provider = polling.toy({ records: () => [record(1)] });
    const { stream } = provider;
    provider.stream = {
      ...stream,
      fetchPage: async (...call) => ({ ...(await stream.fetchPage(...call)), next: call[2] === 'a' ? 'b' : 'a' }),
    };
    expect(await polling.poll(provider)).toMatchObject({ stopped: 'failed', error: { code: 'ResponseInvalid' } });
    expect(provider.asked.length).toBeLessThan(4);
  });

  it('stops a chain of pages without end, with its place kept', async () => {
    const provider = polling.toy({ records: () => [record(2), record(1)], pageSize: 1 });
    const from = epoch - minute;
    const resume = { from, to: epoch, cursor: '0', pages: pageLimit, servedAt: epoch };
    const { store } = polling.opened;
    const taken = await takeLease(store, { connection: 'toy', stream: 'records', provider: 'talkdesk' }, epoch, 1);
    if (!taken) throw new Error('no lease');
    const live = { watermark: from, resume };
    const checkpoint = checkpointSchema.parse({ live, backfill: null, dueAt: epoch });
    await saveCheckpoint(store, taken.lease, checkpoint, 0);
    expect(await polling.poll(provider)).toMatchObject({ stopped: 'failed', error: { code: 'ResponseInvalid' } });
    expect((await polling.health())?.checkpoint?.live).toEqual(live);
  });

  it('ends itself before its time and says so', async () => {
    const provider = polling.toy({
      records: () => [record(2), record(1)],
      pageSize: 1,
      fault: () => {
        polling.clock += 4 * minute;
      },
    });
    expect(await polling.poll(provider)).toMatchObject({ stopped: 'timeUp', pages: 1 });
  });

  it('ends quietly on a spent budget and keeps its place', async () => {
    const provider = polling.toy({
      records: () => [record(1)],
      fault: () => {
        throw new RateLimited('spent', 1_000);
      },
    });
    expect((await polling.poll(provider)).stopped).toBe('rateLimited');
    const place = { live: { watermark: polling.clock - minute }, backfill: null };
    expect(await polling.health()).toMatchObject({ failures: 0, lastError: null, checkpoint: place });
  });

  it('writes down what went wrong, and forgets it after a good run', async () => {
    let fault: Error | null = new CredentialsRejected('no');
    const provider = polling.toy({
      records: () => [],
      fault: () => {
        if (fault) throw fault;
      },
    });
    await polling.poll(provider);
    expect(await polling.health()).toMatchObject({
      failures: 1,
      lastError: { code: 'CredentialsRejected', at: epoch },
    });
    fault = null;
    polling.clock += 5_000;
    await polling.poll(provider);
    expect(await polling.health()).toMatchObject({ failures: 0, lastError: null, lastSuccessAt: epoch + 5_000 });
  });

  it('does not hammer a provider that refuses the credentials, and comes back by itself', async () => {
    let fault: Error | null = new CredentialsRejected('no');
    const provider = polling.toy({
      records: () => [],
      fault: () => {
        if (fault) throw fault;
      },
    });
    for (let second = 0; second < 600; second++) {
      await polling.poll(provider);
      polling.clock += 1_000;
    }
    // 5, 10, 20, 40 seconds apart, then a minute.
    expect(provider.asked.length).toBeLessThanOrEqual(14);
    expect(await polling.health()).toMatchObject({ lastError: { code: 'CredentialsRejected' } });
    fault = null;
    polling.clock += minute;
    expect((await polling.poll(provider)).stopped).toBe('done');
  });

  it('refuses a lookback that would make it stand still', async () => {
    const provider = polling.toy({ records: () => [], connection: { lookback: '7d' } });
    expect(await polling.poll(provider)).toMatchObject({ stopped: 'failed', error: { code: 'ConfigInvalid' } });
  });

  it('reads history in a lane of its own behind today', async () => {
    const day = 86_400_000;
    const records = [record(1), { ...record(2), at: epoch - 20 * day }, { ...record(3), at: epoch - 29 * day }];
    const provider = polling.toy({ records: () => records, connection: { backfill: '30d' } });
    expect(await polling.poll(provider)).toMatchObject({ stopped: 'done', counts: { discovered: 3 } });
    expect([...new Set(provider.lanes)]).toEqual(['live', 'due', 'backfill']);
    const listed = provider.asked.filter((asking) => asking.startsWith('list'));
    const starts = listed.map((asking) => Number(asking.split(' ')[1]));
    expect(starts.slice(1)).toEqual(starts.slice(1).toSorted((a, b) => a - b));
    expect((await polling.health())?.checkpoint?.backfill).toBeNull();
  });

  it('never leaves a gap where the provider clock is behind ours', async () => {
    const records: ToyRecord[] = [];
    const provider = polling.toy({ records: () => records, skewMs: -3 * 3_600_000 });
    await polling.poll(provider);
    records.push({ ...record(1), at: epoch - 2 * 3_600_000 });
    polling.clock += minute;
    expect((await polling.poll(provider)).counts.discovered).toBe(1);
  });

  it('gives the other lanes their turn behind a page that took longer than clocks differ', async () => {
    const provider = polling.toy({
      records: () => [record(1)],
      fault: (asking) => {
        if (asking.startsWith('list')) polling.clock += 8_000;
      },
    });
    const live = (await polling.poll(provider)).pages;
    expect(provider.lanes).toContain('backfill');
    expect(live).toBeLessThan(30);
  });

  it('reads up to the provider clock where it is ahead of ours', async () => {
    const provider = polling.toy({ records: () => [{ ...record(1), at: epoch + 3_600_000 }], skewMs: 2 * 3_600_000 });
    expect((await polling.poll(provider)).counts.discovered).toBe(1);
  });
});

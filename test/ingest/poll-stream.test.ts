import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CredentialsRejected, ProviderUnavailable, RateLimited, RequestRejected } from '#shared/domain/errors.ts';
import { identify } from '#shared/domain/identity.ts';
import { pollStream, type RunSummary } from '#shared/ingest/poll-stream.ts';
import { getRecord } from '#shared/storage/conversations.ts';
import { countQuarantined } from '#shared/storage/count-rows.ts';
import type { Store } from '#shared/storage/document-client.ts';
import { listStreams } from '#shared/storage/streams.ts';
import { epoch } from '#test/support/records.ts';
import { type TestStore, testStore } from '#test/support/store.ts';
import { type ToyOptions, type ToyRecord, toyProvider } from '#test/support/toy-provider.ts';

const minute = 60_000;
let opened: TestStore;
let clock: number;
const now = () => clock;

beforeEach(async () => {
  clock = epoch;
  opened = await testStore();
});
afterEach(() => opened.close());

const toy = (options: Partial<ToyOptions> & { records: () => readonly ToyRecord[] }) => toyProvider({ now, ...options });

const poll = (provider: ReturnType<typeof toy>, store: Store = opened.store): Promise<RunSummary> =>
  pollStream({ ...provider, openSession: provider.session, store, now, deadline: clock + 10 * minute, slowPutMs: 5_000 });

const stored = async (id: string) => (await getRecord(opened.store, identify('talkdesk', 'toy', id).uuid))?.record ?? null;
const record = (n: number, more: Partial<ToyRecord> = {}): ToyRecord => ({ id: `r${n}`, at: epoch - n * 1_000, title: `title ${n}`, transcript: 'hi', ...more });
const health = async () => (await listStreams(opened.store))[0];

describe('a run', () => {
  it('stores what the window lists, once, and reads only what came since', async () => {
    const records = [record(3), record(2), record(1)];
    const provider = toy({ records: () => records });
    expect((await poll(provider)).counts).toMatchObject({ discovered: 3, unchanged: 0 });
    clock += minute;
    records.push({ ...record(0), at: epoch + 30_000 });
    expect((await poll(provider)).counts).toMatchObject({ discovered: 1, updated: 0 });
    expect((await stored('r0'))?.conversation).toMatchObject({ version: 1, title: 'title 0' });
  });

  it('finds what came late inside the lookback', async () => {
    const records: ToyRecord[] = [];
    const provider = toy({ records: () => records });
    await poll(provider);
    clock += minute;
    records.push(record(20));
    expect((await poll(provider)).counts.discovered).toBe(1);
  });

  it('makes a version for a change and none for the same again', async () => {
    const records = [record(1)];
    const provider = toy({ records: () => records });
    await poll(provider);
    records[0] = record(1, { title: 'changed' });
    clock += 1_000;
    expect((await poll(provider)).counts.updated).toBe(1);
    clock += 1_000;
    expect((await poll(provider)).counts).toMatchObject({ updated: 0, unchanged: 1 });
    expect((await stored('r1'))?.conversation).toMatchObject({ version: 2, title: 'changed' });
  });

  it('goes on in the middle of a window after a failure, with the window as it was', async () => {
    let fail = true;
    const records = [5, 4, 3, 2, 1].map((n) => record(n));
    const provider = toy({
      records: () => records,
      fault: (asking) => {
        if (fail && asking.endsWith(' 4')) throw new ProviderUnavailable('down');
      },
    });
    expect(await poll(provider)).toMatchObject({ stopped: 'failed', pages: 2 });
    expect((await health())?.checkpoint?.live).toMatchObject({ watermark: epoch - minute, resume: { to: epoch, cursor: '4', pages: 2 } });
    fail = false;
    clock += 10 * minute;
    provider.asked.length = 0;
    await poll(provider);
    expect(provider.asked[0]).toBe(`list ${epoch - minute} ${epoch} 4`);
    expect(await stored('r1')).not.toBeNull();
  });

  it('begins a window again whose cursor was refused', async () => {
    const records = [3, 2, 1].map((n) => record(n));
    let refuse = true;
    const provider = toy({
      records: () => records,
      fault: (asking) => {
        if (refuse && asking.endsWith(' 2')) throw new RequestRejected('cursor expired', 400);
      },
    });
    expect((await poll(provider)).stopped).toBe('failed');
    expect((await health())?.checkpoint?.live).toEqual({ watermark: epoch - minute, resume: null });
    refuse = false;
    expect(await poll(provider)).toMatchObject({ stopped: 'done', counts: { discovered: 1, unchanged: 2 } });
  });

  it('stops a chain of pages that loops', async () => {
    const provider = toy({ records: () => [record(1)] });
    const { stream } = provider;
    provider.stream = { ...stream, fetchPage: async (...call) => ({ ...(await stream.fetchPage(...call)), next: call[2] === 'a' ? 'b' : 'a' }) };
    expect(await poll(provider)).toMatchObject({ stopped: 'failed', error: { code: 'ResponseInvalid' } });
    expect(provider.asked.length).toBeLessThan(4);
  });

  it('ends itself before its time and says so', async () => {
    const provider = toy({ records: () => [record(2), record(1)], pageSize: 1, fault: () => (clock += 4 * minute) && undefined });
    expect(await poll(provider)).toMatchObject({ stopped: 'timeUp', pages: 1 });
  });

  it('ends quietly on a spent budget and keeps its place', async () => {
    const provider = toy({ records: () => [record(1)], fault: () => { throw new RateLimited('spent', 1_000); } });
    expect((await poll(provider)).stopped).toBe('rateLimited');
    expect(await health()).toMatchObject({ failures: 0, lastError: null, checkpoint: null });
  });

  it('writes down what went wrong, and forgets it after a good run', async () => {
    let fault: Error | null = new CredentialsRejected('no');
    const provider = toy({ records: () => [], fault: () => { if (fault) throw fault; } });
    await poll(provider);
    expect(await health()).toMatchObject({ failures: 1, lastError: { code: 'CredentialsRejected', at: epoch } });
    fault = null;
    await poll(provider);
    expect(await health()).toMatchObject({ failures: 0, lastError: null, lastSuccessAt: epoch });
  });

  it('reads history in a lane of its own behind today', async () => {
    const day = 86_400_000;
    const records = [record(1), { ...record(2), at: epoch - 20 * day }, { ...record(3), at: epoch - 29 * day }];
    const provider = toy({ records: () => records, connection: { backfill: '30d' } });
    expect(await poll(provider)).toMatchObject({ stopped: 'done', counts: { discovered: 3 } });
    expect(provider.lanes).toEqual(['live', 'due', 'backfill']);
    const starts = provider.asked.map((asking) => Number(asking.split(' ')[1]));
    expect(starts.slice(1)).toEqual(starts.slice(1).toSorted((a, b) => a - b));
    expect((await health())?.checkpoint?.backfill).toBeNull();
  });

  it('never leaves a gap where the provider clock is behind ours', async () => {
    const records: ToyRecord[] = [];
    const provider = toy({ records: () => records, skewMs: -3 * 3_600_000 });
    await poll(provider);
    records.push({ ...record(1), at: epoch - 2 * 3_600_000 });
    clock += minute;
    expect((await poll(provider)).counts.discovered).toBe(1);
  });

  it('reads up to the provider clock where it is ahead of ours', async () => {
    const provider = toy({ records: () => [{ ...record(1), at: epoch + 3_600_000 }], skewMs: 2 * 3_600_000 });
    expect((await poll(provider)).counts.discovered).toBe(1);
  });
});

describe('two runners', () => {
  it('do not read one stream at once', async () => {
    const other = opened.another();
    let inner: RunSummary | null = null;
    const provider = toy({ records: () => [record(1)] });
    const { stream } = provider;
    provider.stream = {
      ...stream,
      fetchPage: async (...call) => {
        inner ??= await poll(toy({ records: () => [] }), other);
        return stream.fetchPage(...call);
      },
    };
    await poll(provider);
    expect(inner).toMatchObject({ stopped: 'leaseHeld', pages: 0 });
  });

  it('a runner that outlived its lease moves neither checkpoint nor lease', async () => {
    const other = opened.another();
    let paused = false;
    const provider = toy({ records: () => [record(1)] });
    const { stream } = provider;
    provider.stream = {
      ...stream,
      fetchPage: async (...call) => {
        const page = await stream.fetchPage(...call);
        if (paused) return page;
        paused = true;
        clock += 2 * minute;
        await poll(toy({ records: () => [record(1), { ...record(9), at: epoch + minute }] }), other);
        return page;
      },
    };
    expect((await poll(provider)).stopped).toBe('leaseLost');
    expect(await health()).toMatchObject({ fence: 2, leaseUntil: 0, checkpoint: { live: { watermark: epoch + 2 * minute, resume: null } } });
  });
});

describe('bad records', () => {
  it('are quarantined with their raw bytes, counted, and their page goes on', async () => {
    const records = [record(1, { broken: true }), record(2), { ...record(3), id: '', broken: true as const }];
    const provider = toy({ records: () => records });
    expect((await poll(provider)).counts).toMatchObject({ discovered: 1, quarantined: 2 });
    clock += 1_000;
    await poll(provider);
    expect((await countQuarantined(opened.store, 'toy')).count).toBe(2);
  });
});

describe('details', () => {
  it('are asked for only where the provider stamp moved', async () => {
    const records = [record(1, { stamp: '2026-11-02T08:00:00.000001Z' })];
    const provider = toy({ records: () => records, withDetail: true });
    await poll(provider);
    clock += 1_000;
    await poll(provider);
    records[0] = record(1, { stamp: '2026-11-02T08:00:00.000002Z', transcript: 'more' });
    clock += 1_000;
    await poll(provider);
    expect(provider.asked.filter((asking) => asking.startsWith('detail'))).toEqual(['detail r1', 'detail r1']);
    expect((await stored('r1'))?.transcript?.text).toBe('more');
  });

  it('of new records that the budget no longer allows are pending with the reason', async () => {
    const provider = toy({ records: () => [record(1)], withDetail: true, fault: spentOnDetail });
    expect(await poll(provider)).toMatchObject({ counts: { discovered: 1 } });
    expect((await stored('r1'))?.conversation.artifacts['transcript']).toMatchObject({ state: 'pending', reason: 'budgetSpent' });
  });

  it('of known records keep the page until they can be asked for', async () => {
    const records = [record(1, { stamp: '2026-11-02T08:00:00Z' })];
    let fault = (_asking: string): void => {};
    const provider = toy({ records: () => records, withDetail: true, fault: (asking) => fault(asking) });
    await poll(provider);
    records[0] = record(1, { stamp: '2026-11-02T08:30:00Z', title: 'new' });
    fault = spentOnDetail;
    clock += minute;
    expect((await poll(provider)).stopped).toBe('rateLimited');
    expect((await health())?.checkpoint?.live.watermark).toBe(epoch);
    fault = () => {};
    await poll(provider);
    expect((await stored('r1'))?.conversation).toMatchObject({ version: 2, title: 'new' });
  });

  it('that one record keeps failing do not hold up the others for ever', async () => {
    const records = [record(1, { stamp: '2026-11-02T08:00:00Z' })];
    let down = false;
    const provider = toy({
      records: () => records,
      withDetail: true,
      fault: (asking) => {
        if (down && asking === 'detail r1') throw new ProviderUnavailable('500');
      },
    });
    await poll(provider);
    records.splice(0, 1, record(1, { stamp: '2026-11-02T08:30:00Z' }), record(2, { stamp: '2026-11-02T08:30:01Z' }));
    down = true;
    for (let run = 0; run < 3; run++) {
      clock += 1_000;
      expect((await poll(provider)).stopped).toBe('failed');
    }
    clock += 1_000;
    expect(await poll(provider)).toMatchObject({ stopped: 'done', counts: { quarantined: 1 } });
    expect((await stored('r1'))?.conversation.version).toBe(1);
    expect(await stored('r2')).not.toBeNull();
  });

  const spentOnDetail = (asking: string): void => {
    if (asking.startsWith('detail')) throw new RateLimited('spent', 1_000);
  };
});

describe('the due lane', () => {
  const connection = { recheck: ['1m', '5m'] };
  const again = (asked: readonly string[]) => asked.filter((asking) => asking.startsWith('again'));

  it('asks at each offset from the first sight, and writes nothing when it is fruitless', async () => {
    const { transcript: _, ...silent } = record(1);
    const provider = toy({ records: () => [silent], connection });
    await poll(provider);
    clock = epoch + minute - 1;
    await poll(provider);
    expect(again(provider.asked)).toEqual([]);
    clock = epoch + 2 * minute;
    expect((await poll(provider)).due).toBe(0);
    expect(again(provider.asked)).toEqual(['again r1']);
    expect((await stored('r1'))?.conversation.version).toBe(1);
  });

  it('brings a transcript that came late', async () => {
    const { transcript: _, ...silent } = record(1);
    const records: ToyRecord[] = [silent];
    const provider = toy({ records: () => records, connection: { ...connection, lookback: '1s' } });
    await poll(provider);
    clock = epoch + 5_000;
    await poll(provider);
    // The live window has moved on: only the due lane can bring it.
    records[0] = record(1, { transcript: 'at last' });
    clock = epoch + 62_000;
    expect((await poll(provider)).due).toBe(1);
    expect((await stored('r1'))?.transcript?.text).toBe('at last');
  });

  it('calls it overdue after the last offset, then asks daily for a week and never again', async () => {
    const { transcript: _, ...silent } = record(1);
    const provider = toy({ records: () => [silent], connection });
    await poll(provider);
    clock = epoch + 6 * minute;
    await poll(provider);
    expect((await stored('r1'))?.conversation).toMatchObject({ version: 2, completedVersion: 2, artifacts: { transcript: { state: 'overdue' } } });
    const before = again(provider.asked).length;
    for (let day = 1; day <= 10; day++) {
      clock = epoch + 6 * minute + day * 86_400_000;
      await poll(provider);
    }
    expect(again(provider.asked).length - before).toBe(7);
    expect((await stored('r1'))?.conversation.version).toBe(2);
  });
});

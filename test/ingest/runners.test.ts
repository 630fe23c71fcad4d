import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RunSummary } from '#shared/ingest/poll-stream.ts';
import { countQuarantined } from '#shared/storage/count-rows.ts';
import { minute, openPolling, type Polling, record } from '#test/support/polling.ts';
import { epoch } from '#test/support/records.ts';

let polling: Polling;
beforeEach(async () => {
  polling = await openPolling();
});
afterEach(() => polling.opened.close());

describe('two runners', () => {
  it('do not read one stream at once', async () => {
    const other = polling.opened.another();
    let inner: RunSummary | null = null;
    const provider = polling.toy({ records: () => [record(1)] });
    const { stream } = provider;
    provider.stream = {
      ...stream,
      fetchPage: async (...call) => {
        inner ??= await polling.poll(polling.toy({ records: () => [] }), other);
        return stream.fetchPage(...call);
      },
    };
    await polling.poll(provider);
    expect(inner).toMatchObject({ stopped: 'leaseHeld', pages: 0 });
  });

  it('a runner that outlived its lease moves neither checkpoint nor lease', async () => {
    const other = polling.opened.another();
    let paused = false;
    const provider = polling.toy({ records: () => [record(1)] });
    const { stream } = provider;
    provider.stream = {
      ...stream,
      fetchPage: async (...call) => {
        const page = await stream.fetchPage(...call);
        if (paused) return page;
        paused = true;
        polling.clock += 2 * minute;
        await polling.poll(polling.toy({ records: () => [record(1), { ...record(9), at: epoch + minute }] }), other);
        return page;
      },
    };
    expect((await polling.poll(provider)).stopped).toBe('leaseLost');
    expect(await polling.health()).toMatchObject({
      fence: 2,
      leaseUntil: 0,
      checkpoint: { live: { watermark: epoch + 2 * minute, resume: null } },
    });
  });
});

describe('bad records', () => {
  it('are quarantined with their raw bytes, counted, and their page goes on', async () => {
    const records = [record(1, { broken: true }), record(2), { ...record(3), id: '', broken: true as const }];
    const provider = polling.toy({ records: () => records });
    expect((await polling.poll(provider)).counts).toMatchObject({ discovered: 1, quarantined: 2 });
    polling.clock += 1_000;
    await polling.poll(provider);
    expect((await countQuarantined(polling.opened.store, 'toy')).count).toBe(2);
  });

  it('are too large where a list could not carry them, and are set aside as well', async () => {
    const endless = Array.from({ length: 200_000 }, (_, i) => (i * 7_919 * (i + 13)) % 4_093).join('');
    const provider = polling.toy({ records: () => [record(1, { title: endless }), record(2)] });
    expect((await polling.poll(provider)).counts).toMatchObject({ discovered: 1, quarantined: 1 });
    expect(await polling.stored('r1')).toBeNull();
  });

  it('are not those with something new in them: that is told, and the record stored', async () => {
    const provider = polling.toy({
      records: () => [record(1, { unknown: 'brand_new' }), record(2, { unknown: 'brand_new' })],
    });
    const summary = await polling.poll(provider);
    expect([summary.counts.discovered, [...summary.drift]]).toEqual([2, ['brand_new']]);
  });
});

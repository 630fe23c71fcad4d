import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ProviderUnavailable, RateLimited } from '#shared/domain/errors.ts';
import { minute, openPolling, type Polling, record } from '#test/support/polling.ts';
import { epoch } from '#test/support/records.ts';

let polling: Polling;
beforeEach(async () => {
  polling = await openPolling();
});
afterEach(() => polling.opened.close());

describe('details', () => {
  it('are asked for only where the provider stamp moved', async () => {
    const records = [record(1, { stamp: '2026-11-02T08:00:00.000001Z' })];
    const provider = polling.toy({ records: () => records, withDetail: true });
    await polling.poll(provider);
    polling.clock += 1_000;
    await polling.poll(provider);
    records[0] = record(1, { stamp: '2026-11-02T08:00:00.000002Z', transcript: 'more' });
    polling.clock += 1_000;
    await polling.poll(provider);
    expect(provider.asked.filter((asking) => asking.startsWith('detail'))).toEqual(['detail r1', 'detail r1']);
    expect((await polling.stored('r1'))?.transcript?.text).toBe('more');
  });

  it('of new records that the budget no longer allows are pending with the reason', async () => {
    const provider = polling.toy({ records: () => [record(1)], withDetail: true, fault: spentOnDetail });
    expect(await polling.poll(provider)).toMatchObject({ stopped: 'rateLimited', counts: { discovered: 1 } });
    expect((await polling.stored('r1'))?.conversation.artifacts['transcript']).toMatchObject({
      state: 'pending',
      reason: 'budgetSpent',
    });
  });

  it('that could not be asked for come with the next run, not with the next offset', async () => {
    let fault = spentOnDetail;
    const provider = polling.toy({
      records: () => [record(1, { stamp: '2026-11-02T08:00:00Z' })],
      withDetail: true,
      fault: (asking) => fault(asking),
    });
    await polling.poll(provider);
    expect((await polling.health())?.checkpoint?.unaskedSince).toBe(epoch);
    fault = () => {};
    polling.clock += 1_000;
    expect((await polling.poll(provider)).due).toBe(1);
    expect((await polling.stored('r1'))?.transcript?.text).toBe('hi');
    expect((await polling.health())?.checkpoint?.unaskedSince).toBeNull();
  });

  it('are asked for once each when the budget ends again and again', async () => {
    // Five records without a transcript yet; the budget allows two askings a run.
    const silent = [5, 4, 3, 2, 1].map((n) => {
      const { transcript: _, ...rest } = record(n, { stamp: '2026-11-02T08:00:00Z' });
      return rest;
    });
    const answered: string[] = [];
    let left = 0;
    const provider = polling.toy({
      records: () => silent,
      pageSize: 1,
      withDetail: true,
      fault: (asking) => {
        if (!/^(detail|again)/.test(asking)) return;
        polling.clock += 1;
        if (--left < 0) throw new RateLimited('spent', 1_000);
        answered.push(asking);
      },
    });
    for (let run = 0; run < 6; run++) {
      await polling.poll(provider);
      polling.clock += 1_000;
      left = 2;
    }
    expect(answered.toSorted()).toEqual(['again r1', 'again r2', 'again r3', 'again r4', 'again r5']);
  });

  it('that were asked for in vain in the end are plainly pending, and not asked for at every poll', async () => {
    let fault = spentOnDetail;
    const { transcript: _, ...silent } = record(1, { stamp: '2026-11-02T08:00:00Z' });
    const provider = polling.toy({ records: () => [silent], withDetail: true, fault: (asking) => fault(asking) });
    await polling.poll(provider);
    fault = () => {};
    for (let run = 0; run < 3; run++) {
      polling.clock += 1_000;
      await polling.poll(provider);
    }
    const { version, artifacts } = (await polling.stored('r1'))?.conversation ?? {};
    expect([version, artifacts?.['transcript']?.reason]).toEqual([1, undefined]);
    // Once while the budget was spent, once in vain.
    expect(provider.asked.filter((asking) => asking.startsWith('again'))).toHaveLength(2);
  });

  it('of known records keep the page until they can be asked for', async () => {
    const records = [record(1, { stamp: '2026-11-02T08:00:00Z' })];
    let fault = (_asking: string): void => {};
    const provider = polling.toy({ records: () => records, withDetail: true, fault: (asking) => fault(asking) });
    await polling.poll(provider);
    records[0] = record(1, { stamp: '2026-11-02T08:30:00Z', title: 'new' });
    fault = spentOnDetail;
    polling.clock += minute;
    expect((await polling.poll(provider)).stopped).toBe('rateLimited');
    expect((await polling.health())?.checkpoint?.live.watermark).toBe(epoch);
    fault = () => {};
    await polling.poll(provider);
    expect((await polling.stored('r1'))?.conversation).toMatchObject({ version: 2, title: 'new' });
  });

  it('that one record keeps failing do not hold up the others for ever', async () => {
    const records = [record(1, { stamp: '2026-11-02T08:00:00Z' })];
    let down = false;
    const provider = polling.toy({
      records: () => records,
      withDetail: true,
      fault: (asking) => {
        if (down && asking === 'detail r1') throw new ProviderUnavailable('500');
      },
    });
    await polling.poll(provider);
    records.splice(0, 1, record(1, { stamp: '2026-11-02T08:30:00Z' }), record(2, { stamp: '2026-11-02T08:30:01Z' }));
    down = true;
    for (let run = 0; run < 3; run++) {
      polling.clock += 1_000;
      expect((await polling.poll(provider)).stopped).toBe('failed');
    }
    polling.clock += 1_000;
    expect(await polling.poll(provider)).toMatchObject({ stopped: 'done', counts: { quarantined: 1 } });
    expect((await polling.stored('r1'))?.conversation.version).toBe(1);
    expect(await polling.stored('r2')).not.toBeNull();
  });

  const spentOnDetail = (asking: string): void => {
    if (/^(detail|again)/.test(asking)) throw new RateLimited('spent', 1_000);
  };
});

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RateLimited } from '#shared/domain/errors.ts';
import type { Patience } from '#shared/ingest/patience.ts';
import type { LanedSession } from '#shared/ingest/poll-stream.ts';
import { minute, openPolling, type Polling, record } from '#test/support/polling.ts';
import { epoch } from '#test/support/records.ts';
import type { Toy, ToyRecord } from '#test/support/toy-provider.ts';

let polling: Polling;
beforeEach(async () => {
  polling = await openPolling();
});
afterEach(() => polling.opened.close());

const day = 86_400_000;
const old = (n: number): ToyRecord => ({ ...record(n), at: epoch - 20 * day + n * 1_000 });

/** Notes in which lane and with how much patience each asking is sent. */
function withPatience(provider: Toy): { asked: string[]; patience: () => Patience | undefined } {
  const asked: string[] = [];
  let [lane, patience]: [string, Patience | undefined] = ['', undefined];
  const { session, stream } = provider;
  provider.session = async (): Promise<LanedSession> => ({
    ...(await session()),
    setLane: (...next) => {
      [lane, patience] = next;
    },
  });
  const note = (what: string) => asked.push(`${lane} ${what} ${patience ? 'waits' : 'does not wait'}`);
  const { details } = stream;
  provider.stream = {
    ...stream,
    fetchPage: (...asking) => {
      note('page');
      return stream.fetchPage(...asking);
    },
    ...(details && {
      details: {
        ...details,
        fetch: (...asking) => {
          note('details');
          return details.fetch(...asking);
        },
      },
    }),
  };
  return { asked, patience: () => patience };
}

describe('a run over a long history', () => {
  it('goes back to today whenever `every` has passed, and ends with the history', async () => {
    const records = Array.from({ length: 9 }, (_, n) => old(n));
    const starts: number[] = [];
    const provider = polling.toy({
      records: () => records,
      pageSize: 1,
      connection: { backfill: '21d', every: '10s', lookback: '1m' },
      fault: (asking) => {
        polling.clock += 4_000;
        starts.push(Number(asking.split(' ')[1]));
        // A call that comes while history is read.
        if (starts.length === 4) records.push({ ...record(99), at: polling.clock - 1_000 });
      },
    });
    expect(await polling.poll(provider)).toMatchObject({ stopped: 'done', counts: { discovered: 10 } });
    const turns = starts.map((from) => (from > epoch - day ? 'live' : 'backfill')).join(' ');
    expect(turns).toMatch(/^live backfill backfill live backfill/);
    expect((await polling.health())?.checkpoint?.backfill).toBeNull();
    expect((await polling.stored('r99'))?.conversation.version).toBe(1);
  });

  it('gets on by a page at least, however short `every` is', async () => {
    const records = Array.from({ length: 3 }, (_, n) => old(n));
    const provider = polling.toy({
      records: () => records,
      pageSize: 1,
      connection: { backfill: '21d', every: '1ms' },
      fault: () => {
        polling.clock += 10;
      },
    });
    expect(await polling.poll(provider)).toMatchObject({ stopped: 'done', counts: { discovered: 3 } });
  });

  it('takes the same cursor in two windows for no loop', async () => {
    const records = [1, 2, 3, 4, 5].flatMap((n) => [old(n), { ...record(n + 10), at: epoch - 10 * day + n * 1_000 }]);
    const provider = polling.toy({ records: () => records, connection: { backfill: '21d' } });
    expect(await polling.poll(provider)).toMatchObject({ stopped: 'done', counts: { discovered: 10 } });
  });
});

describe('where the budget ends', () => {
  it('the live lane waits for its listing alone, the others for everything', async () => {
    const records = [record(1), old(1)];
    const provider = polling.toy({ records: () => records, withDetail: true, connection: { backfill: '21d' } });
    const { asked } = withPatience(provider);
    await polling.poll(provider);
    expect([...new Set(asked)]).toEqual([
      'live page waits',
      'live details does not wait',
      'backfill page waits',
      'backfill details waits',
    ]);
  });

  it('a wait keeps the lease, ends with the run and does not make its page slow', async () => {
    const records = [old(1), old(2)];
    const connection = { backfill: '21d', every: '1h' };
    const provider = polling.toy({ records: () => records, pageSize: 1, connection });
    const { patience } = withPatience(provider);
    const { stream } = provider;
    const until: (number | undefined)[] = [];
    const others: string[] = [];
    provider.stream = {
      ...stream,
      fetchPage: async (...asking) => {
        until.push(patience()?.until);
        // Six minutes of waiting, of a run of ten.
        for (let slices = 0; asking[1].from < epoch - day && slices < 40; slices++) {
          polling.clock += 9_000;
          await patience()?.keep(9_000);
          if (slices % 10 === 9) others.push((await polling.poll(polling.toy({ records: () => [] }))).stopped);
        }
        return stream.fetchPage(...asking);
      },
    };
    expect(await polling.poll(provider)).toMatchObject({ stopped: 'timeUp', counts: { discovered: 2 } });
    expect(new Set(until)).toEqual(new Set([epoch + 10 * minute]));
    expect(new Set(others)).toEqual(new Set(['leaseHeld']));
  });

  it('a wait that would outlast the turn of history lets today’s calls come first', async () => {
    let [spent, reads] = [true, 0];
    const provider = polling.toy({
      records: () => [old(1), old(2), old(3)],
      pageSize: 1,
      connection: { backfill: '21d', every: '1m' },
      fault: (asking) => {
        polling.clock += 1_000;
        const isLive = Number(asking.split(' ')[1]) > epoch - day;
        if (isLive) spent = false;
        else if (++reads === 2) spent = true;
        if (!isLive && spent) throw new RateLimited('spent', 59_000);
      },
    });
    expect(await polling.poll(provider)).toMatchObject({ stopped: 'done', counts: { discovered: 3 } });
    const turns = provider.asked.map((asking) => (Number(asking.split(' ')[1]) > epoch - day ? 'live' : 'backfill'));
    expect(turns.slice(0, 5)).toEqual(['live', 'backfill', 'backfill', 'live', 'backfill']);
  });

  it('a wait for which no turn is long enough ends the run', async () => {
    const provider = polling.toy({
      records: () => [old(1)],
      connection: { backfill: '21d', every: '1m' },
      fault: (asking) => {
        if (Number(asking.split(' ')[1]) < epoch - day) throw new RateLimited('spent', 61_000);
      },
    });
    expect(await polling.poll(provider)).toMatchObject({ stopped: 'rateLimited' });
    expect(provider.asked).toHaveLength(2);
  });

  it('a page of history is read again whole, without records half asked for', async () => {
    let spent = true;
    const records = [old(1), old(2), old(3)];
    const provider = polling.toy({
      records: () => records,
      pageSize: 3,
      withDetail: true,
      connection: { backfill: '21d' },
      fault: (asking) => {
        if (spent && asking === 'detail r2') throw new RateLimited('spent', 100_000);
      },
    });
    expect(await polling.poll(provider)).toMatchObject({ stopped: 'rateLimited', error: null });
    expect(await polling.stored('r2')).toBeNull();
    expect(await polling.health()).toMatchObject({ failures: 0, checkpoint: { unaskedSince: null } });
    spent = false;
    polling.clock += minute;
    await polling.poll(provider);
    expect((await polling.stored('r2'))?.conversation).toMatchObject({ version: 1 });
    expect(provider.asked.filter((asking) => asking === 'detail r1')).toHaveLength(1);
  });
});

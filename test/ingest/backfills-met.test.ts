import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CredentialsRejected, ProviderUnavailable, RateLimited, RequestRejected } from '#shared/domain/errors.ts';
import type { Operation } from '#shared/domain/operation.ts';
import { askBackfill, day, isHistory, old, shownBackfill } from '#test/support/asked-backfills.ts';
import { minute, openPolling, type Polling } from '#test/support/polling.ts';
import { epoch } from '#test/support/records.ts';

let polling: Polling;
beforeEach(async () => {
  polling = await openPolling();
});
afterEach(() => polling.opened.close());

const ask = (id: string, from: number, days: number): Promise<void> => askBackfill(polling, id, from, days);
const shown = (id: string): Promise<Operation | null> => shownBackfill(polling, id);

describe('what a backfill meets', () => {
  it('a spent budget: it stays open and is no failure', async () => {
    let spent = true;
    const provider = polling.toy({
      records: () => [old(1)],
      fault: (asking) => {
        if (spent && isHistory(asking)) throw new RateLimited('spent', 100_000);
      },
    });
    await ask('a', 40, 1);
    expect((await polling.poll(provider)).stopped).toBe('rateLimited');
    expect(await shown('a')).toMatchObject({ state: 'running', error: null });
    expect((await polling.health())?.failures).toBe(0);
    spent = false;
    await polling.poll(provider);
    expect(await shown('a')).toMatchObject({ state: 'done', result: { discovered: 1 } });
  });

  it.each([
    ['a provider that fails', () => new ProviderUnavailable('down', 503), 'ProviderUnavailable'],
    ['refused credentials', () => new CredentialsRejected('no'), 'CredentialsRejected'],
  ])('%s: it stays open, and the connection says why', async (_what, error, code) => {
    let failing = true;
    const provider = polling.toy({
      records: () => [old(1)],
      fault: (asking) => {
        if (failing && isHistory(asking)) throw error();
      },
    });
    await ask('a', 40, 1);
    for (let runs = 0; runs < 4; runs++) {
      expect((await polling.poll(provider)).stopped).toBe('failed');
      polling.clock += 5 * minute;
    }
    expect(await shown('a')).toMatchObject({ state: 'running' });
    expect((await polling.health())?.lastError).toMatchObject({ code });
    failing = false;
    await polling.poll(provider);
    expect(await shown('a')).toMatchObject({ state: 'done' });
  });

  it('a request that is refused again and again: it fails, and the next one has its turn', async () => {
    const provider = polling.toy({
      records: () => [old(1), old(30)],
      fault: (asking) => {
        if (isHistory(asking) && Number(asking.split(' ')[1]) < epoch - 39 * day) throw new RequestRejected('400', 400);
      },
    });
    await ask('a', 40, 1);
    await ask('b', 39, 1);
    const stopped: string[] = [];
    for (let runs = 0; runs < 3; runs++) stopped.push((await polling.poll(provider)).stopped);
    expect(stopped).toEqual(['failed', 'failed', 'done']);
    expect(await shown('a')).toMatchObject({ state: 'failed', error: { code: 'RequestRejected', message: '400' } });
    expect(await shown('b')).toMatchObject({ state: 'done', result: { discovered: 1 } });
  });
});

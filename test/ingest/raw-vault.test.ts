import { hash } from 'node:crypto';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ProviderUnavailable, RateLimited } from '#shared/domain/errors.ts';
import { identify } from '#shared/domain/identity.ts';
import { ingestHints } from '#shared/ingest/ingest-hint.ts';
import type { Store } from '#shared/storage/document-client.ts';
import { eraseRecord } from '#test/support/erase.ts';
import { minute, openPolling, type Polling, record } from '#test/support/polling.ts';
import { readVault } from '#test/support/raw-vault.ts';
import type { ToyRecord } from '#test/support/toy-provider.ts';

let polling: Polling;
beforeEach(async () => {
  polling = await openPolling();
});
afterEach(() => polling.opened.close());

const vault = () => readVault(polling.opened.store);
const sound = { unkept: [], unnamed: [] };

it('has the raw answers of a page in one pack before its versions, and packs nothing that is unchanged', async () => {
  let records: ToyRecord[] = [1, 2, 3].map((n) => record(n));
  const provider = polling.toy({ records: () => records, pageSize: 3 });
  await polling.poll(provider);
  expect(await vault()).toMatchObject({ ...sound, packs: 1, lines: [{}, {}, {}] });
  polling.clock += minute / 2;
  await polling.poll(provider);
  expect((await vault()).packs).toBe(1);
  records = [record(1), record(2, { title: 'new' }), record(3)];
  polling.clock += 10_000;
  await polling.poll(provider);
  const { lines, packs, ...faults } = await vault();
  expect([faults, packs]).toEqual([sound, 2]);
  expect(lines.map(({ externalId }) => externalId)).toEqual(['r1', 'r2', 'r3', 'r2']);
});

it('stores no version whose pack could not be put', async () => {
  const { store } = polling.opened;
  const objects = {
    send: async (command: object) => {
      if (command instanceof PutObjectCommand) throw new Error('S3 is down');
      return {};
    },
  };
  const failing: Store = { ...store, objects: objects as never };
  expect((await polling.poll(polling.toy({ records: () => [record(1)] }), failing)).stopped).toBe('failed');
  expect(await polling.stored('r1')).toBeNull();
});

it.each([
  ['the budget ends', () => new RateLimited('spent', minute)],
  ['the provider fails for good', () => new ProviderUnavailable('down')],
])('packs and stores what was asked for before %s in the middle of a page of history', async (_, fault) => {
  let left = 4;
  const records = [1, 2, 3, 4, 5, 6].map((n) => record(n, { at: polling.clock - 3_600_000 + n }));
  const provider = polling.toy({
    ...{ records: () => records, withDetail: true, pageSize: 6, connection: { backfill: '1d', lookback: '1m' } },
    fault: (asking) => {
      if (asking.startsWith('detail') && left-- <= 0) throw fault();
    },
  });
  await polling.poll(provider);
  const asked = new Set(provider.asked.filter((one) => one.startsWith('detail')).slice(0, 4));
  const { lines, ...faults } = await vault();
  expect(faults).toMatchObject(sound);
  expect(lines.length).toBeGreaterThanOrEqual(4);
  left = 100;
  provider.asked.length = 0;
  polling.clock += 2 * minute;
  await polling.poll(provider);
  for (const one of asked) expect(provider.asked).not.toContain(one);
  expect(await vault()).toMatchObject(sound);
  for (const { id } of records)
    expect((await polling.stored(id))?.conversation.artifacts['transcript']?.state).toBe('ready');
});

it('keeps the answers to askings again in one pack, and those to a delivery', async () => {
  let said: Partial<ToyRecord> = { transcript: undefined as never };
  const provider = polling.toy({
    ...{ records: () => [1, 2].map((n) => record(n, said)), withDetail: true, batch: 1 },
    connection: { recheck: ['5m'] },
  });
  await polling.poll(provider);
  const before = (await vault()).packs;
  said = {};
  polling.clock += 6 * minute;
  await polling.poll(provider);
  const { packs, ...late } = await vault();
  expect(late).toMatchObject(sound);
  expect(packs).toBe(before + 1);
  said = { title: 'told' };
  const { connector, session } = provider;
  const work = { key: ['delivery'], at: polling.clock };
  const run = { connector, session: await session(), store: polling.opened.store, now: () => polling.clock, work };
  const hints = [1, 2].map((n) => ({ externalId: `r${n}`, startedAt: null }));
  const hint = () => ingestHints({ ...run, slowPutMs: 5_000 }, hints);
  expect((await hint()).map(({ became }) => became)).toEqual(['updated', 'updated']);
  expect((await hint()).map(({ became }) => became)).toEqual(['unchanged', 'unchanged']);
  expect(await vault()).toMatchObject({ ...sound, packs: packs + 1 });
});

it('takes out of the pack what turns out too large to be stored, or was erased meanwhile', async () => {
  const noise = Array.from({ length: 4_000 }, (_, i) => hash('sha256', String(i))).join('');
  const records = [record(1), record(2, { title: noise }), record(3)];
  const provider = polling.toy({ records: () => records, pageSize: 3 });
  const { store } = polling.opened;
  const objects = {
    send: async (command: never) => {
      const answer = await store.objects.send(command);
      if ((command as object) instanceof PutObjectCommand) await eraseOnce();
      return answer;
    },
  };
  let isErased = true;
  const eraseOnce = async (): Promise<void> => {
    if (isErased) return;
    isErased = true;
    await eraseRecord(store, identify('talkdesk', 'toy', 'r3').uuid);
  };
  const first = await polling.poll(provider, { ...store, objects: objects as never });
  expect(first.counts).toMatchObject({ discovered: 2, quarantined: 1 });
  expect(await vault()).toMatchObject({ ...sound, lines: [{ externalId: 'r1' }, { externalId: 'r3' }] });
  isErased = false;
  records[2] = record(3, { title: 'new' });
  polling.clock += 10_000;
  const second = await polling.poll(provider, { ...store, objects: objects as never });
  expect(second.counts.erased).toBe(1);
  // The answer that came too late is in no pack; the erasure itself rewrites those that the record named.
  expect((await vault()).lines.filter(({ sentAt }) => sentAt === polling.clock)).toEqual([]);
});

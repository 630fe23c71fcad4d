import { afterAll, beforeAll, expect, it } from 'vitest';
import { firstCheckpoint } from '#shared/domain/checkpoint.ts';
import { LeaseLost } from '#shared/domain/errors.ts';
import { listStreams, releaseLease, renewLease, saveCheckpoint, takeLease } from '#shared/storage/streams.ts';
import { epoch } from '#test/support/records.ts';
import { type TestStore, testStore } from '#test/support/store.ts';

let opened: TestStore;
beforeAll(async () => {
  opened = await testStore();
});
afterAll(() => opened.close());

const name = (stream: string) => ({ connection: 'c', stream, provider: 'talkdesk' });
const checkpoint = firstCheckpoint(epoch, 86_400_000, { lookbackMs: 60_000, maxWindowMs: 3_600_000 });
const stateOf = async (stream: string) => (await listStreams(opened.store)).find((state) => state.stream === stream);

it('gives a lease to one of many runners', async () => {
  const taken = await Promise.all(
    Array.from({ length: 10 }, () => takeLease(opened.store, name('race'), epoch, 30_000)),
  );
  expect(taken.filter(Boolean)).toHaveLength(1);
});

it('gives it to the next when it has run out, and the first can do nothing any more', async () => {
  const first = await takeLease(opened.store, name('zombie'), epoch, 30_000);
  expect(await takeLease(opened.store, name('zombie'), epoch + 29_999, 30_000)).toBeNull();
  const second = await takeLease(opened.store, name('zombie'), epoch + 30_000, 30_000);
  if (!first || !second) throw new Error('no lease');
  await saveCheckpoint(opened.store, second.lease, checkpoint, epoch + 60_000);
  const before = await stateOf('zombie');
  await expect(saveCheckpoint(opened.store, first.lease, { ...checkpoint, dueAt: 7 }, epoch + 90_000)).rejects.toThrow(
    LeaseLost,
  );
  await expect(renewLease(opened.store, first.lease, epoch + 90_000)).rejects.toThrow(LeaseLost);
  await expect(releaseLease(opened.store, first.lease, { lastSuccessAt: epoch })).rejects.toThrow(LeaseLost);
  expect(await stateOf('zombie')).toEqual(before);
});

it('lets a runner that outlived its lease go on while nobody has taken it', async () => {
  const taken = await takeLease(opened.store, name('slow'), epoch, 30_000);
  if (!taken) throw new Error('no lease');
  await saveCheckpoint(opened.store, taken.lease, checkpoint, epoch + 90_000);
  expect((await stateOf('slow'))?.checkpoint).toEqual(checkpoint);
});

it('keeps how a run ended with the checkpoint untouched', async () => {
  const taken = await takeLease(opened.store, name('health'), epoch, 30_000);
  if (!taken) throw new Error('no lease');
  await saveCheckpoint(opened.store, taken.lease, checkpoint, epoch + 30_000);
  await releaseLease(opened.store, taken.lease, { lastError: { code: 'ProviderUnavailable', at: epoch }, failures: 2 });
  expect(await stateOf('health')).toMatchObject({
    leaseUntil: 0,
    failures: 2,
    lastError: { code: 'ProviderUnavailable' },
    lastSuccessAt: null,
    checkpoint,
  });
  const again = await takeLease(opened.store, name('health'), epoch, 30_000);
  if (!again) throw new Error('no lease');
  await releaseLease(opened.store, again.lease, { lastSuccessAt: epoch + 5 });
  expect(await stateOf('health')).toMatchObject({ failures: 0, lastError: null, lastSuccessAt: epoch + 5 });
});

import { afterAll, beforeAll, expect, it } from 'vitest';
import { LeaseLost } from '#shared/domain/errors.ts';
import { type CopyProgress, keepCopy, readCopy, saveCopy, takeCopy } from '#shared/storage/media-copies.ts';
import { type TestStore, testStore } from '#test/support/store.ts';

let opened: TestStore;
beforeAll(async () => {
  opened = await testStore();
});
afterAll(() => opened.close());

/** So late that the table's real clock lets nothing expire. */
const now = Date.parse('2100-01-01T00:00:00Z');

const progress: CopyProgress = {
  upload: { id: 'upload', object: 'media/u/k/1' },
  partBytes: 5,
  parts: 2,
  partsDigest: 'digest',
  hashState: Uint8Array.of(0, 1, 255),
  version: { validator: '"one"', total: 12, contentType: 'audio/wav' },
  revision: null,
};

it('is free where nobody has begun', async () => {
  expect(await readCopy(opened.store, { uuid: 'free', key: 'k' })).toEqual({ leaseUntil: 0, progress: null });
});

it('gives back what was saved, bytes and all, to the next runner alone', async () => {
  const file = { uuid: 'saved', key: 'provider text: ÄÖ/..' };
  const { lease } = await takeCopy(opened.store, file, now, 100);
  await expect(takeCopy(opened.store, file, now + 99, 100)).rejects.toThrow(LeaseLost);
  await saveCopy(opened.store, lease, progress, { leaseUntil: 0, now });
  expect(await readCopy(opened.store, file)).toEqual({ leaseUntil: 0, progress });
  const next = await takeCopy(opened.store, file, now, 100);
  expect([next.progress, next.lease.fence]).toEqual([progress, lease.fence + 1]);
});

it('lets a runner that was overtaken write nothing, not even where the file was given back since', async () => {
  const file = { uuid: 'overtaken', key: 'k' };
  const { lease: old } = await takeCopy(opened.store, file, now, 100);
  const { lease } = await takeCopy(opened.store, file, now + 100, 100);
  const writes = () => [
    keepCopy(opened.store, old, now + 500),
    saveCopy(opened.store, old, progress, { leaseUntil: now + 500, now }),
  ];
  for (const write of writes()) await expect(write).rejects.toThrow(LeaseLost);
  await saveCopy(opened.store, lease, null, { leaseUntil: 0, now });
  await takeCopy(opened.store, file, now + 100, 100);
  for (const write of writes()) await expect(write).rejects.toThrow(LeaseLost);
  expect(await readCopy(opened.store, file)).toEqual({ leaseUntil: now + 200, progress: null });
});

import { afterEach, beforeEach, expect, it } from 'vitest';
import { LeaseLost } from '#shared/domain/errors.ts';
import { leaseMs } from '#shared/media/copy-lease.ts';
import { openDigest } from '#shared/media/digest.ts';
import {
  addPart,
  completeObject,
  dropUpload,
  keepFile,
  openPartUpload,
  type PartUpload,
  pauseUpload,
} from '#shared/media/part-upload.ts';
import type { Target } from '#shared/media/pick-up.ts';
import { readCopy } from '#shared/storage/media-copies.ts';
import { putPart } from '#shared/storage/media-uploads.ts';
import { type Copying, openCopying } from './copying.ts';

/** Parts of a few bytes: only their number counts here, and S3 minds their length at the end alone. */
let copying: Copying;
beforeEach(async () => {
  copying = await openCopying();
});
afterEach(() => copying.opened.close());

const version = { validator: '"one"', total: null, contentType: 'audio/wav' };

async function open({ isBegun = false, ...other }: Partial<Target> & { isBegun?: boolean } = {}) {
  const { opened, clock, job } = copying;
  const target = { file: job, object: 'media/some/object/1', revision: 'r1', partBytes: 16 * 1024 ** 2, ...other };
  return openPartUpload({ store: opened.another(), now: clock.now }, target, isBegun);
}

async function add(way: PartUpload, text: string): Promise<void> {
  const digest = await openDigest();
  digest.update(Buffer.from(text));
  await addPart(way, Buffer.from(text), { hashState: digest.save(), version });
}

const saved = async () => (await readCopy(copying.opened.store, copying.job)).progress?.parts ?? 0;

it('saves its place every 64 MiB, for the case that its runner is killed', async () => {
  const { upload } = await open();
  const places: number[] = [];
  for (const text of ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i']) {
    await add(upload, text);
    places.push(await saved());
  }
  expect(places).toEqual([0, 0, 0, 4, 4, 4, 4, 8, 8]);
});

it('lets nobody else in while its lease holds, and anybody after', async () => {
  const { upload } = await open();
  await add(upload, 'a');
  await expect(open({ isBegun: true })).rejects.toThrow(LeaseLost);
  await pauseUpload(upload);
  expect((await open({ isBegun: true })).pickedUp?.parts).toHaveLength(1);
  await expect(open({ isBegun: true })).rejects.toThrow(LeaseLost);
  copying.clock.advance(leaseMs);
  expect((await open({ isBegun: true })).pickedUp?.parts).toHaveLength(1);
});

it('prolongs its lease while it works', async () => {
  const { upload } = await open();
  await add(upload, 'a');
  for (let n = 0; n < 4; n++) {
    copying.clock.advance(leaseMs * 0.6);
    await keepFile(upload);
  }
  await expect(open({ isBegun: true })).rejects.toThrow(LeaseLost);
});

it('stops a runner that was overtaken before it puts or completes anything', async () => {
  const { upload: zombie } = await open();
  await add(zombie, 'a');
  copying.clock.advance(leaseMs);
  await open({ isBegun: true });
  await expect(add(zombie, 'b')).rejects.toThrow(LeaseLost);
  await expect(completeObject(zombie, Buffer.alloc(0), 'audio/wav')).rejects.toThrow(LeaseLost);
  await expect(completeObject(zombie, Buffer.from('c'), 'audio/wav')).rejects.toThrow(LeaseLost);
  await expect(pauseUpload(zombie)).rejects.toThrow(LeaseLost);
  expect([(await copying.objects()).size, await copying.uploads()]).toEqual([0, 0]);
});

it('leaves the parts of a runner that was overtaken to the one that goes on with them', async () => {
  const { upload: zombie } = await open();
  for (const text of ['a', 'b', 'c', 'd', 'e']) await add(zombie, text);
  copying.clock.advance(leaseMs);
  expect((await open({ isBegun: true })).pickedUp?.parts).toHaveLength(4);
  await expect(pauseUpload(zombie)).rejects.toThrow(LeaseLost);
  expect(await copying.uploads()).toBe(1);
});

it('does not go on from a part that somebody has put over', async () => {
  const { upload } = await open();
  await add(upload, 'a');
  await add(upload, 'b');
  await pauseUpload(upload);
  const { progress } = await readCopy(copying.opened.store, copying.job);
  if (!progress) throw new TypeError('nothing is saved');
  await putPart(copying.opened.store, progress.upload, 1, Buffer.from('of a runner that was long gone'));
  expect((await open({ isBegun: true })).pickedUp).toBeNull();
  expect(await copying.uploads()).toBe(0);
});

it.each([{ revision: 'r2' }, { object: 'media/some/object/2' }, { partBytes: 32 * 1024 ** 2 }])(
  'does not go on towards something else: %o',
  async (other) => {
    const { upload } = await open();
    await add(upload, 'a');
    await pauseUpload(upload);
    expect((await open({ isBegun: true, ...other })).pickedUp).toBeNull();
    expect(await copying.uploads()).toBe(0);
  },
);

it('keeps the end out of what the next runner goes on from', async () => {
  const { upload } = await open();
  await add(upload, 'a');
  // S3 refuses: the first part is too short.
  await expect(completeObject(upload, Buffer.from('end'), 'audio/wav')).rejects.toThrow(/too small|smaller/);
  await pauseUpload(upload);
  const { pickedUp } = await open({ isBegun: true });
  expect([pickedUp?.parts.length, pickedUp?.progress.parts]).toEqual([1, 1]);
});

it('leaves nothing behind when it is dropped', async () => {
  const { upload } = await open();
  await add(upload, 'a');
  await dropUpload(upload);
  expect(await copying.uploads()).toBe(0);
  expect(await readCopy(copying.opened.store, copying.job)).toEqual({ leaseUntil: 0, progress: null });
});

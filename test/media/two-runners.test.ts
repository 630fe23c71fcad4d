import { PutObjectCommand } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { madeBytes } from '#infra/local/fakes/byte-source.ts';
import { LeaseLost } from '#shared/domain/errors.ts';
import { mediaObject } from '#shared/domain/media-copy.ts';
import { leaseMs } from '#shared/media/copy-lease.ts';
import type { CopyEnd } from '#shared/media/copy-media.ts';
import { readCopy } from '#shared/storage/media-copies.ts';
import { eraseRecord } from '#test/support/erase.ts';
import { type Copying, openCopying, part } from './copying.ts';

const small = Buffer.from(madeBytes('small', 1_000).slice(0, 1_000));
const large = Buffer.from(madeBytes('large', part + 3).slice(0, part + 3));
const other = Buffer.from(madeBytes('other', part + 3).slice(0, part + 3));

let copying: Copying;
beforeEach(async () => {
  copying = await openCopying();
});
afterEach(() => copying.opened.close());

const serve = (bytes: Buffer, etag = '"one"'): void => {
  copying.server.file = { bytes, contentType: 'audio/wav', etag };
};

/** A second runner, with clients of its own, does `run` before the first gets the chunk that begins there. */
function meanwhile(at: number, run: (second: () => Promise<CopyEnd>) => Promise<void>): void {
  let isFirst = true;
  copying.server.onChunk = async (place) => {
    if (place !== at || !isFirst) return;
    isFirst = false;
    await run(() => copying.copy({ store: copying.opened.another() }));
  };
}

/** Till the first part is on its way up: its runner has the file then. */
const held = async (): Promise<void> => {
  const leaseUntil = async () => (await readCopy(copying.opened.store, copying.job)).leaseUntil;
  await expect.poll(leaseUntil).toBeGreaterThan(0);
};

const nameOf = (generation: number): string => mediaObject(copying.job.uuid, copying.job.key, generation);

const put = (bytes: Buffer, generation = 1): Promise<unknown> => {
  const { objects, bucket } = copying.opened.store;
  return objects.send(new PutObjectCommand({ Bucket: bucket, Key: nameOf(generation), Body: bytes }));
};

async function expectStored(bytes: Buffer, generation: number): Promise<void> {
  const { media, artifacts } = await copying.conversation();
  expect(media.map(({ object }) => object)).toEqual([nameOf(generation)]);
  expect(artifacts['media:rec/1']?.state).toBe('ready');
  expect((await copying.objects()).get(nameOf(generation))?.equals(bytes)).toBe(true);
  expect(await copying.uploads()).toBe(0);
}

describe('two runners on one file', () => {
  it('make one object and one version of a small one', async () => {
    serve(small);
    const ends: string[] = [];
    meanwhile(0, async (second) => void ends.push((await second()).end));
    ends.push((await copying.copy()).end);
    expect(ends).toEqual(['ready', 'nothing']);
    await expectStored(small, 1);
    expect([(await copying.conversation()).version, (await copying.objects()).size]).toEqual([2, 1]);
  });

  it('do not write parts at once', async () => {
    serve(Buffer.concat([large, large]));
    let lost: unknown;
    let located = 0;
    copying.locate = () => {
      located += 1;
      return { from: 'account', path: '/file' };
    };
    meanwhile(2 * part, async (second) => {
      await held();
      lost = await second().catch((error: unknown) => error);
    });
    expect((await copying.copy()).end).toBe('ready');
    expect(lost).toBeInstanceOf(LeaseLost);
    expect(located).toBe(1);
    await expectStored(Buffer.concat([large, large]), 1);
  });

  it('are one where the first outlived its lease: the second goes on, the first stops', async () => {
    serve(Buffer.concat([large, large]));
    const ends: string[] = [];
    meanwhile(2 * part, async (second) => {
      await held();
      copying.clock.advance(leaseMs);
      ends.push((await second()).end);
    });
    await expect(copying.copy()).rejects.toThrow(LeaseLost);
    expect(ends).toEqual(['ready']);
    await expectStored(Buffer.concat([large, large]), 1);
    expect((await copying.conversation()).version).toBe(2);
  });

  it('never let an older revision replace a newer', async () => {
    serve(small);
    meanwhile(0, async (second) => {
      await copying.list({ revision: 'r2' });
      serve(other, '"two"');
      await second();
    });
    await copying.copy();
    const { files } = await copying.conversation();
    expect(files[0]?.copiedRevision).toBe('r2');
    await expectStored(other, 1);
  });
});

describe('an object that no record names', () => {
  it.each([small, large])('is taken over where it holds these bytes', async (bytes) => {
    await put(bytes);
    serve(bytes);
    expect((await copying.copy()).end).toBe('ready');
    await expectStored(bytes, 1);
    expect((await copying.objects()).size).toBe(1);
  });

  it.each([small, large])('is passed by where it holds others', async (bytes) => {
    await put(other);
    serve(bytes);
    expect((await copying.copy()).end).toBe('ready');
    await expectStored(bytes, 2);
    expect((await copying.objects()).get(nameOf(1))?.equals(other)).toBe(true);
  });

  it('is passed by however many of them there are, within reason', async () => {
    serve(small);
    for (const generation of [1, 2, 3, 4]) await put(Buffer.from('other'), generation);
    expect((await copying.copy()).end).toBe('ready');
    await expectStored(small, 5);
    await copying.list({ revision: 'r2' });
    serve(Buffer.from('new'), '"two"');
    for (const generation of [6, 7, 8, 9, 10]) await put(Buffer.from('other'), generation);
    await expect(copying.copy()).rejects.toThrow(/races/);
  });
});

describe('a conversation that is erased', () => {
  it('while its file is copied leaves no object', async () => {
    serve(small);
    meanwhile(0, async () => void (await eraseRecord(copying.opened.store, copying.job.uuid)));
    expect((await copying.copy()).end).toBe('nothing');
    expect(await copying.objects()).toEqual(new Map());
  });

  it('before its file is copied has it not fetched', async () => {
    serve(small);
    await eraseRecord(copying.opened.store, copying.job.uuid);
    expect((await copying.copy()).end).toBe('nothing');
    expect(copying.server.asked).toEqual([]);
  });
});

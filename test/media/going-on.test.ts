import { hash } from 'node:crypto';
import { CompleteMultipartUploadCommand } from '@aws-sdk/client-s3';
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { madeBytes } from '#infra/local/fakes/byte-source.ts';
import { ProviderUnavailable, RateLimited } from '#shared/domain/errors.ts';
import { readCopy } from '#shared/storage/media-copies.ts';
import { type Copying, openCopying, part } from './copying.ts';

const madeOf = (name: string, length: number): Buffer => Buffer.from(madeBytes(name, length).slice(0, length));
const bytes = madeOf('going on', part * 1.5);
const other = madeOf('other', bytes.length);
/** Two parts and a little. */
const long = madeOf('long', 2 * part + 3);

let copying: Copying;
beforeEach(async () => {
  copying = await openCopying();
  copying.server.file = { bytes, contentType: 'audio/wav', etag: '"one"' };
});
afterEach(() => copying.opened.close());

/** A run whose time is up with the n-th chunk that comes. */
function copyUntil(n: number): ReturnType<Copying['copy']> {
  const time = new AbortController();
  let chunks = 0;
  copying.server.onChunk = () => {
    chunks += 1;
    if (chunks === n) time.abort();
  };
  return copying.copy({ signal: time.signal });
}

async function expectWhole(expected: Buffer): Promise<void> {
  const objects = await copying.objects();
  const { media } = await copying.conversation();
  expect(media).toMatchObject([{ bytes: expected.length, sha512: hash('sha512', expected) }]);
  expect(objects.get(media[0]?.object ?? '')?.equals(expected)).toBe(true);
}

describe('a connection that breaks', () => {
  it('goes on at the byte where it broke, and fetches none twice', async () => {
    let run = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(29), { minLength: 1, maxLength: 4 }), async (breaks) => {
        const left = new Set(breaks.map((chunk) => chunk * 256 * 1024));
        copying.server.served = 0;
        copying.server.onChunk = (at) => {
          if (left.delete(at)) throw new ProviderUnavailable('broken');
        };
        run += 1;
        await copying.list({ revision: `of run ${run}` });
        expect(await copying.copy()).toEqual({ end: 'ready', bytes: bytes.length });
        expect(copying.server.served).toBe(bytes.length);
      }),
      { numRuns: 3 },
    );
    await expectWhole(bytes);
  });

  it('is given up where nothing comes any more, and what is up is kept for the next job', async () => {
    copying.server.onChunk = (at) => {
      if (at >= part * 1.25) throw new ProviderUnavailable('broken');
    };
    await expect(copying.copy()).rejects.toThrow(ProviderUnavailable);
    expect((await copying.conversation()).artifacts['media:rec/1']?.state).toBe('pending');
    copying.server.onChunk = () => {};
    copying.server.served = 0;
    expect((await copying.copy()).end).toBe('ready');
    expect(copying.server.served).toBe(bytes.length - part);
    await expectWhole(bytes);
  });
});

describe('a run whose time is up', () => {
  it('is gone on with from its last part, however often', async () => {
    copying.server.file.bytes = long;
    const ends: string[] = [];
    for (const chunk of [22, 21, 100, 100]) ends.push((await copyUntil(chunk)).end);
    expect(ends).toEqual(['timeUp', 'timeUp', 'ready', 'nothing']);
    await expectWhole(long);
    expect(await copying.uploads()).toBe(0);
    expect(await readCopy(copying.opened.store, copying.job)).toEqual({ leaseUntil: 0, progress: null });
  });

  it('fails where it has brought no part, so that it does not go on for ever', async () => {
    await expect(copyUntil(3)).rejects.toThrow(ProviderUnavailable);
    expect((await copyUntil(22)).end).toBe('timeUp');
    await expect(copyUntil(3)).rejects.toThrow(ProviderUnavailable);
  });

  it('fails where nothing tells which version came, since nobody could go on', async () => {
    copying.server.file.etag = null;
    await expect(copyUntil(30)).rejects.toThrow(ProviderUnavailable);
    expect((await copyUntil(100)).end).toBe('ready');
    await expectWhole(bytes);
  });

  it('starts over where the bytes were replaced meanwhile', async () => {
    await copyUntil(30);
    copying.server.file = { bytes: other, contentType: 'audio/wav', etag: '"two"' };
    expect((await copyUntil(100)).end).toBe('ready');
    await expectWhole(other);
    expect(await copying.uploads()).toBe(0);
  });

  it('starts over where another revision is listed', async () => {
    await copyUntil(30);
    await copying.list({ revision: 'r2' });
    copying.server.asked = [];
    expect((await copyUntil(100)).end).toBe('ready');
    expect(copying.server.asked).toEqual(['/file -']);
    expect((await copying.conversation()).files[0]?.copiedRevision).toBe('r2');
    expect(await copying.uploads()).toBe(0);
  });
});

it('keeps what came where the budget ends, and goes on when it is told to', async () => {
  let broken = false;
  copying.server.onChunk = (at) => {
    if (at < part * 1.25 || broken) return;
    broken = true;
    throw new ProviderUnavailable('broken');
  };
  copying.server.onOpen = () => {
    if (broken) throw new RateLimited('budget is spent', 5_000);
  };
  await expect(copying.copy()).rejects.toThrow(RateLimited);
  copying.server.onOpen = () => {};
  copying.server.served = 0;
  expect((await copying.copy()).end).toBe('ready');
  expect(copying.server.served).toBe(bytes.length - part);
  await expectWhole(bytes);
});

it('keeps what is up where the bucket fails at the end', async () => {
  const { store } = copying.opened;
  const send = async (command: object): Promise<unknown> => {
    if (command instanceof CompleteMultipartUploadCommand) throw new Error('SlowDown');
    return store.objects.send(command as never);
  };
  const failing = { ...store, objects: { send } as never };
  await expect(copying.copy({ store: failing })).rejects.toThrow('SlowDown');
  copying.server.served = 0;
  expect((await copying.copy()).end).toBe('ready');
  expect(copying.server.served).toBe(bytes.length - part);
  await expectWhole(bytes);
});

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { madeBytes } from '#infra/local/fakes/byte-source.ts';
import {
  CredentialsRejected,
  HostRefused,
  NotAtProvider,
  PermissionMissing,
  RateLimited,
  ResponseInvalid,
} from '#shared/domain/errors.ts';
import { expectationOf } from '#shared/domain/expectation.ts';
import { readCopy } from '#shared/storage/media-copies.ts';
import { type Copying, openCopying, part } from './copying.ts';

const bytesOf = (name: string, length: number): Buffer => Buffer.from(madeBytes(name, length).slice(0, length));
const limit = 2 * part;

let copying: Copying;
beforeEach(async () => {
  copying = await openCopying({}, { mediaMaxBytes: limit });
  copying.server.file = { bytes: bytesOf('first', 1_000), contentType: 'audio/wav', etag: '"one"' };
});
afterEach(() => copying.opened.close());

const artifact = async () => {
  const { state, reason } = (await copying.conversation()).artifacts['media:rec/1'] ?? {};
  return reason === undefined ? state : `${state} ${reason}`;
};

const failWith = (error: Error): void => {
  copying.server.onOpen = () => {
    throw error;
  };
};

describe('a file that is not to be had', () => {
  it('writes nothing while it may yet come', async () => {
    const before = await copying.conversation();
    copying.locate = () => ({ from: 'notYet' });
    expect(await copying.copy()).toEqual({ end: 'pending', bytes: 0 });
    failWith(new NotAtProvider('404'));
    copying.locate = () => ({ from: 'account', path: '/file' });
    expect((await copying.copy()).end).toBe('pending');
    expect(await copying.conversation()).toEqual(before);
  });

  it('is overdue with the last offset, and comes later all the same', async () => {
    copying.locate = () => ({ from: 'notYet' });
    expect((await copying.copy({ last: true })).end).toBe('overdue');
    expect(await artifact()).toBe('overdue');
    expect((await copying.copy({ last: true })).end).toBe('nothing');
    copying.locate = () => ({ from: 'account', path: '/file' });
    expect((await copying.copy()).end).toBe('ready');
    expect(await artifact()).toBe('ready');
  });

  it('is never missed where nobody awaits it', async () => {
    copying.locate = () => ({ from: 'notYet' });
    const expectation = expectationOf({ media: true, expect: ['transcript'] }, ['transcript']);
    expect((await copying.copy({ last: true, expectation })).end).toBe('nothing');
    expect(await artifact()).toBe('pending');
  });

  it('has expired where it was listed and is not found to the last', async () => {
    failWith(new NotAtProvider('404'));
    expect((await copying.copy({ last: true })).end).toBe('expired');
    expect(await artifact()).toBe('expired notFound');
  });

  it.each([
    ['absent', 'neverRecorded'],
    ['expired', 'gone'],
  ] as const)('is %s in the words of the provider', async (state, reason) => {
    copying.locate = () => ({ from: 'nowhere', state, reason });
    expect((await copying.copy()).end).toBe(state);
    expect(await artifact()).toBe(`${state} ${reason}`);
  });

  it.each([
    [new HostRefused('files.example: refused'), 'failed refusedHost'],
    [new PermissionMissing('403'), 'absent permissionMissing'],
  ])('is settled by %s', async (error, expected) => {
    failWith(error);
    await copying.copy();
    expect(await artifact()).toBe(expected);
    expect((await copying.copy()).end).toBe('nothing');
  });

  it('is settled by what the provider says when it is asked where the bytes are, too', async () => {
    copying.locate = () => {
      throw new PermissionMissing('403');
    };
    await copying.copy();
    expect(await artifact()).toBe('absent permissionMissing');
  });

  it('has failed where it is too large, and nothing is left of it', async () => {
    copying.server.file.bytes = bytesOf('long', limit + 1);
    expect((await copying.copy()).end).toBe('failed');
    expect(await artifact()).toBe('failed tooLarge');
    expect([copying.server.served, (await copying.objects()).size, await copying.uploads()]).toEqual([0, 0, 0]);
  });

  it('has failed where it turns out to be too large when a part is up', async () => {
    copying.server.file = { ...copying.server.file, bytes: bytesOf('endless', 3 * part), isLengthHidden: true };
    expect((await copying.copy()).end).toBe('failed');
    expect([(await copying.objects()).size, await copying.uploads()]).toEqual([0, 0]);
    expect(await readCopy(copying.opened.store, copying.job)).toEqual({ leaseUntil: 0, progress: null });
  });

  it('fails the job where that says nothing of the file', async () => {
    for (const error of [new ResponseInvalid('a page'), new CredentialsRejected('401'), new RateLimited('spent', 5)]) {
      failWith(error);
      await expect(copying.copy()).rejects.toThrow(error);
    }
    expect(await artifact()).toBe('pending');
  });
});

describe('another revision of a file that is stored', () => {
  beforeEach(async () => {
    await copying.copy();
    await copying.list({ revision: 'r2' });
  });

  it('replaces it where the bytes are others', async () => {
    copying.server.file = { bytes: bytesOf('second', 2_000), contentType: 'audio/mpeg', etag: '"two"' };
    expect(await copying.copy()).toEqual({ end: 'ready', bytes: 2_000 });
    const { version, media, files } = await copying.conversation();
    expect([version, media.length, files[0]?.copiedRevision]).toEqual([3, 1, 'r2']);
    expect(media[0]).toMatchObject({ bytes: 2_000, contentType: 'audio/mpeg', object: expect.stringMatching(/\/2$/) });
    expect((await copying.objects()).get(media[0]?.object ?? '')?.equals(copying.server.file.bytes)).toBe(true);
  });

  it('makes no second object and no version where they are the same, whatever their length', async () => {
    await copying.copy();
    copying.server.file.bytes = bytesOf('long', part + 50);
    for (const revision of ['r3', 'r4']) {
      await copying.list({ revision });
      expect((await copying.copy()).end).toBe('ready');
    }
    const { version, media, files } = await copying.conversation();
    expect([version, media.length, files[0]?.copiedRevision]).toEqual([3, 1, 'r4']);
    expect([(await copying.objects()).size, await copying.uploads()]).toEqual([2, 0]);
    expect((await copying.copy()).end).toBe('nothing');
  });

  it('leaves what is stored where it is not to be had', async () => {
    const before = await copying.conversation();
    copying.locate = () => ({ from: 'nowhere', state: 'expired', reason: 'gone' });
    expect((await copying.copy({ last: true })).end).toBe('nothing');
    copying.locate = () => ({ from: 'notYet' });
    expect((await copying.copy({ last: true })).end).toBe('nothing');
    expect(await copying.conversation()).toEqual(before);
  });
});

describe('a job without anything to do', () => {
  const nothing = async (more: Parameters<Copying['copy']>[0] = {}): Promise<void> => {
    expect(await copying.copy(more)).toEqual({ end: 'nothing', bytes: 0 });
    expect(copying.server.asked).toEqual([]);
  };

  it('is one of a file that is not wanted any more', async () => {
    await nothing({ expectation: expectationOf({ media: ['voicemail'] }, []) });
    await nothing({ expectation: expectationOf({ media: false }, []) });
  });

  it('is one of a file or a conversation that is not there', async () => {
    const { job } = copying;
    for (const other of [{ key: 'rec/2' }, { uuid: '00000000-0000-5000-8000-000000000000' }]) {
      copying.job = { ...job, ...other };
      await nothing();
    }
  });

  it('is one of another connection', async () => {
    await copying.opened.close();
    copying = await openCopying({}, { id: 'other' });
    await nothing();
  });

  it('is one that comes again', async () => {
    await copying.copy();
    copying.server.asked = [];
    await nothing();
  });
});

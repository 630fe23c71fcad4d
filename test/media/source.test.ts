import { beforeEach, describe, expect, it } from 'vitest';
import {
  CredentialsRejected,
  NotAtProvider,
  PermissionMissing,
  ProviderUnavailable,
  ResponseInvalid,
} from '#shared/domain/errors.ts';
import { LinkRefused } from '#shared/http/link-refused.ts';
import type { Place } from '#shared/ingest/media-session.ts';
import { openSource } from '#shared/media/source.ts';
import type { MediaSource } from '#shared/providers/connector.ts';
import { type FileServer, fileServer } from './file-server.ts';

const { signal } = new AbortController();
const range = { range: 'bytes=5-', 'if-range': '"one"' };

let server: FileServer;
/** how often the provider was asked where the bytes are */
let located: number;
beforeEach(() => {
  server = fileServer();
  server.file.bytes = Buffer.from('the bytes of a file');
  located = 0;
});

/** The n-th link to one file. */
const link = (n: number): Place => ({ from: 'link', href: `https://files.example/${n}` });

const open = (place: Place, locate: () => MediaSource = () => link(located)) =>
  openSource({
    door: server,
    place,
    signal,
    locate: async () => {
      located += 1;
      return locate();
    },
  });

const refuse = (...errors: Error[]): void => {
  server.onOpen = () => {
    const error = errors.shift();
    if (error) throw error;
  };
};

describe('a link', () => {
  it('serves as long as it lives', async () => {
    const source = open(link(0));
    await source({});
    await source(range);
    expect([server.asked, located]).toEqual([['https://files.example/0 -', 'https://files.example/0 bytes=5-'], 0]);
  });

  it('is asked for again where it is refused, with the same headers', async () => {
    refuse(new LinkRefused('403'));
    expect((await open(link(0))(range)).status).toBe(206);
    expect(server.asked).toEqual(['https://files.example/0 bytes=5-', 'https://files.example/1 bytes=5-']);
  });

  it('is asked for three times in all, then it is given up', async () => {
    refuse(...Array.from({ length: 9 }, () => new LinkRefused('403')));
    await expect(open(link(0))({})).rejects.toThrow(ProviderUnavailable);
    expect(located).toBe(3);
  });

  it('is asked for again where it served before and leads nowhere now', async () => {
    const source = open(link(0));
    await source({});
    refuse(new NotAtProvider('404'));
    expect((await source(range)).status).toBe(206);
    expect(located).toBe(1);
  });

  it('that is fresh and leads nowhere means that there is nothing', async () => {
    refuse(new NotAtProvider('404'));
    await expect(open(link(0))({})).rejects.toThrow(NotAtProvider);
    expect(located).toBe(0);
  });

  it('that the provider does not give again means that there is nothing', async () => {
    refuse(new LinkRefused('403'));
    await expect(open(link(0), () => ({ from: 'notYet' }))({})).rejects.toThrow(NotAtProvider);
  });

  it.each([new PermissionMissing('403'), new CredentialsRejected('401'), new ProviderUnavailable('502')])(
    'is not asked for again by %s',
    async (error) => {
      refuse(error);
      await expect(open(link(0))({})).rejects.toBe(error);
      expect(located).toBe(0);
    },
  );
});

describe('a place of the account', () => {
  const readHref = (body: unknown): string | null => (body as { href?: string }).href ?? null;
  const account: Place = { from: 'account', path: '/rec/1', link: readHref };
  const json = (body: object): FileServer['file'] => ({
    bytes: Buffer.from(JSON.stringify(body)),
    contentType: 'application/json; charset=utf-8',
    etag: null,
  });

  it('may serve the bytes itself', async () => {
    const source = open(account);
    expect((await source({})).status).toBe(200);
    expect((await source(range)).status).toBe(206);
    expect(server.asked).toEqual(['/rec/1 -', '/rec/1 bytes=5-']);
  });

  it('is asked without a range for what it serves, once, before the file is asked for with one', async () => {
    expect((await open(account)(range)).status).toBe(206);
    expect(server.asked).toEqual(['/rec/1 -', '/rec/1 bytes=5-']);
  });

  it('may name a link instead, which serves until it is refused', async () => {
    const file = { ...server.file };
    server.onOpen = (place) => {
      if (place.from === 'account') server.file = json({ href: `https://files.example/${server.asked.length}` });
      else server.file = file;
      if (server.asked.length === 4) throw new LinkRefused('403');
    };
    const source = open(account, () => account);
    expect((await source({})).headers['content-type']).toBe('audio/wav');
    await source(range);
    expect((await source(range)).status).toBe(206);
    expect(server.asked).toEqual([
      '/rec/1 -',
      'https://files.example/1 -',
      'https://files.example/1 bytes=5-',
      'https://files.example/1 bytes=5-',
      '/rec/1 -',
      'https://files.example/5 bytes=5-',
    ]);
  });

  it('that answers with JSON and no link is not understood', async () => {
    server.file = json({ error: 'no' });
    await expect(open(account)({})).rejects.toThrow(ResponseInvalid);
    server.file = json({ href: 'x'.repeat(2 * 1024 ** 2) });
    await expect(open(account)({})).rejects.toThrow(ResponseInvalid);
  });

  it('without links serves JSON as any file', async () => {
    server.file = json({ phrases: [] });
    const source = open({ from: 'account', path: '/content/transcript' });
    expect((await source({})).headers['content-type']).toContain('json');
    expect(server.asked).toHaveLength(1);
  });
});

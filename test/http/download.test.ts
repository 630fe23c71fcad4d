import { expect, test } from 'vitest';
import { ProviderUnavailable, RateLimited } from '#shared/domain/errors.ts';
import { type DownloadRequest, download } from '#shared/http/download.ts';
import { virtualClock } from '#test/support/virtual-clock.ts';
import { fetched, memoryFile, one, type Turn, two } from './memory-file.ts';

const size = one.bytes.length;

test('a whole file comes once, with its type and what tells its version', async () => {
  const { file, received } = fetched([{ version: one }]);
  const { bytes, end, restarts, of } = await received;
  expect([bytes, restarts, file.asked, file.sent()]).toEqual([one.bytes, 0, [{}], size]);
  expect(end).toEqual({ bytes: size, contentType: 'audio/wav', validator: '"1"' });
  expect(of).toEqual({ validator: '"1"', total: size, contentType: 'audio/wav' });
});

test('an empty file comes too', async () => {
  const { received } = fetched([{ version: { bytes: Buffer.alloc(0), marks: {} } }]);
  expect(await received).toMatchObject({ bytes: Buffer.alloc(0), end: { bytes: 0 } });
});

test.each<[string, Partial<Turn>]>([
  ['breaks', {}],
  ['ends early', { quietly: true }],
])('a connection that %s is gone on with, and no byte comes twice', async (_what, more) => {
  const { file, clock, received } = fetched([{ version: one, breaksAfter: 9, ...more }, { version: one }]);
  expect((await received).bytes).toEqual(one.bytes);
  expect([file.asked, file.sent()]).toEqual([[{}, { range: 'bytes=9-', 'if-range': '"1"' }], size]);
  expect([clock.slept, file.discarded()]).toEqual([[250], 2]);
});

test('a server that gives less than was asked for is asked for the rest', async () => {
  const { file, received } = fetched([
    { version: one, breaksAfter: 3 },
    { version: one, habit: 'saysLess' },
    { version: one },
  ]);
  expect((await received).bytes).toEqual(one.bytes);
  expect(file.asked.map(({ range }) => range)).toEqual([undefined, 'bytes=3-', 'bytes=13-']);
});

test('a range without the length of the whole is enough where that is known', async () => {
  const { received } = fetched([
    { version: one, breaksAfter: 9 },
    { version: one, habit: 'noTotal' },
  ]);
  expect(await received).toMatchObject({ bytes: one.bytes, restarts: 0 });
  const unknown = fetched([{ version: one, habit: 'noTotal' }, { version: two }], {
    from: { offset: 9, validator: '"1"' },
  });
  expect(await unknown.received).toMatchObject({ bytes: two.bytes, restarts: 1 });
});

test.each<[string, Turn[], number]>([
  ['200', [{ version: two }], 2],
  ['200 from a server without ranges', [{ version: two, habit: 'ignoresRange' }], 2],
  ['206 of another version', [{ version: two, habit: 'ignoresIfRange' }, { version: two }], 3],
  ['206 without a sign of its version', [{ version: one, habit: 'noMarks' }, { version: two }], 3],
  ['206 from another byte', [{ version: one, habit: 'wrongStart' }, { version: two }], 3],
  ['206 of another length', [{ version: one, habit: 'wrongTotal' }, { version: two }], 3],
  ['416', [{ version: one, habit: 'never' }, { version: two }], 3],
])('%s in answer to a range starts over', async (_what, turns, requests) => {
  const { file, received } = fetched([{ version: one, breaksAfter: 9 }, ...turns]);
  expect(await received).toMatchObject({ bytes: two.bytes, restarts: 1, end: { validator: '"2"' } });
  expect(file.asked).toHaveLength(requests);
  if (requests === 3) expect(file.asked[2]).toEqual({});
});

test.each<[string, Record<string, string>]>([
  ['none', {}],
  ['a weak ETag', { etag: 'W/"1"' }],
  ['a weak ETag beside an old date', { etag: 'W/"1"', 'last-modified': 'Mon, 02 Mar 2026 08:00:00 GMT' }],
  ['a date as fresh as the answer', { 'last-modified': 'Mon, 02 Mar 2026 09:14:06 GMT' }],
])('without a strong validator (%s) a broken file starts over, without a range', async (_what, marks) => {
  const version = { ...one, marks };
  const { file, received } = fetched([{ version, breaksAfter: 9 }, { version }]);
  expect(await received).toMatchObject({ bytes: one.bytes, restarts: 1, end: { validator: null } });
  expect(file.asked).toEqual([{}, {}]);
});

test('an old date tells a version where there is no ETag', async () => {
  const date = 'Mon, 02 Mar 2026 08:00:00 GMT';
  const version = { ...one, marks: { 'last-modified': date } };
  const { file, received } = fetched([{ version, breaksAfter: 9 }, { version }]);
  expect(await received).toMatchObject({ bytes: one.bytes, restarts: 0, end: { validator: date } });
  expect(file.asked[1]).toEqual({ range: 'bytes=9-', 'if-range': date });
});

const atNine = { offset: 9, validator: '"1"', total: size, contentType: 'audio/mpeg' };

test('an earlier download is gone on with in the middle', async () => {
  const { file, received } = fetched([{ version: one }], { from: atNine }, one.bytes.subarray(0, 9));
  expect(await received).toMatchObject({ bytes: one.bytes, restarts: 0 });
  expect(file.asked).toEqual([{ range: 'bytes=9-', 'if-range': '"1"' }]);
});

test.each<[string, DownloadRequest['from'], Turn[], number]>([
  ['the file has changed', atNine, [{ version: two }], 1],
  ['its version is not known', { offset: 9, validator: null }, [{ version: two }], 1],
  ['it is longer than the file', { offset: 99, validator: '"1"' }, [{ version: one }, { version: two }], 2],
  ['another version ends there', { offset: size, validator: '"1"' }, [{ version: two, habit: 'ignoresIfRange' }], 2],
])('an earlier download starts over where %s', async (_what, from, turns, requests) => {
  const { file, received } = fetched(turns, { from }, Buffer.from('other'));
  expect(await received).toMatchObject({ bytes: two.bytes, restarts: 1 });
  expect(file.asked).toHaveLength(requests);
});

test('an earlier download that has every byte asks for none: it knows, or is told with a 416', async () => {
  const from = { ...atNine, offset: size };
  const known = fetched([{ version: two }], { from }, one.bytes);
  expect(await known.received).toMatchObject({ bytes: one.bytes, end: { bytes: size, contentType: 'audio/mpeg' } });
  expect(known.file.asked).toEqual([]);
  const told = fetched([{ version: one }], { from: { offset: size, validator: '"1"' } }, one.bytes);
  expect(await told.received).toMatchObject({ bytes: one.bytes, restarts: 0, end: { bytes: size, validator: '"1"' } });
});

test('three openings in a row without a byte are enough; each comes later than the one before', async () => {
  const { file, clock, received } = fetched([
    { version: one, breaksAfter: 9 },
    { version: one, breaksAfter: 0 },
  ]);
  await expect(received).rejects.toBeInstanceOf(ProviderUnavailable);
  expect([file.asked.length, clock.slept]).toEqual([4, [250, 500, 1_000]]);
  const unavailable = fetched([{ version: one, error: new ProviderUnavailable('503', 503) }]);
  await expect(unavailable.received).rejects.toMatchObject({ status: 503 });
  expect(unavailable.file.asked).toHaveLength(4);
});

test('any number of breaks is borne as long as bytes come', async () => {
  const turns = Array.from({ length: size }, () => ({ version: one, breaksAfter: 1 }));
  const { file, received } = fetched(turns);
  expect((await received).bytes).toEqual(one.bytes);
  expect([file.asked.length, file.sent()]).toEqual([size, size]);
});

test('a file that starts over for ever comes to an end', async () => {
  const version = { ...one, marks: {} };
  const { file, received } = fetched([{ version, breaksAfter: 9 }]);
  await expect(received).rejects.toBeInstanceOf(ProviderUnavailable);
  expect(file.asked).toHaveLength(12);
});

test('what else opening throws goes to the caller, bytes so far are kept', async () => {
  const spent = new RateLimited('spent', 1);
  const { file, received } = fetched([
    { version: one, breaksAfter: 9 },
    { version: one, error: spent },
  ]);
  await expect(received).rejects.toBe(spent);
  expect(file.asked).toHaveLength(2);
});

test('a caller that leaves, or whose time is up, ends it', async () => {
  const file = memoryFile({ version: one });
  const stop = new AbortController();
  const request = { open: file.open, from: null, maxBytes: 99, signal: stop.signal };
  const expected = { kind: 'recording', contentType: null, bytes: null };
  for await (const _chunk of download({ ...request, expected }, virtualClock())) break;
  expect(file.discarded()).toBe(1);
  const running = download({ ...request, expected }, virtualClock());
  await running.next();
  stop.abort();
  await expect(running.next()).rejects.toBeInstanceOf(ProviderUnavailable);
  expect([file.asked.length, file.discarded()]).toEqual([2, 2]);
});

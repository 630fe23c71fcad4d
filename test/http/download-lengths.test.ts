import { expect, test } from 'vitest';
import { ResponseInvalid } from '#shared/domain/errors.ts';
import type { DownloadRequest } from '#shared/http/download.ts';
import { TooLarge } from '#shared/http/too-large.ts';
import { virtualClock } from '#test/support/virtual-clock.ts';
import { fetched, memoryFile, one, receiveAll, type Turn } from './memory-file.ts';

const size = one.bytes.length;

test('a file over the limit is refused: listed, announced, or while it comes', async () => {
  const chunked = { 'content-length': undefined, 'transfer-encoding': 'chunked' };
  const listed = fetched([{ version: one }], { maxBytes: 10, expected: { kind: 'x', contentType: null, bytes: 11 } });
  const announced = fetched([{ version: one }], { maxBytes: size - 1 });
  const unannounced = fetched([{ version: one, headers: chunked }], { maxBytes: 10 });
  for (const { received } of [listed, announced, unannounced]) {
    await expect(received).rejects.toBeInstanceOf(TooLarge);
    await expect(received).rejects.not.toThrow(/canary|secret/);
  }
  expect([listed, announced, unannounced].map(({ file }) => file.sent())).toEqual([0, 0, 14]);
  expect(listed.file.asked).toEqual([]);
  expect((await fetched([{ version: one, headers: chunked }], { maxBytes: size }).received).bytes).toEqual(one.bytes);
});

test.each<[string, Partial<Turn>, number | null]>([
  ['another length than listed', {}, size + 1],
  ['more than announced', { headers: { 'content-length': String(size - 1) } }, null],
  ['neither a length nor chunks', { headers: { 'content-length': undefined } }, null],
  [
    'chunks of another length than listed',
    { headers: { 'content-length': undefined, 'transfer-encoding': 'chunked' } },
    40,
  ],
  ['chunks that go on', { headers: { 'content-length': undefined, 'transfer-encoding': 'chunked' } }, 9],
  ['a page', { headers: { 'content-type': 'text/html; charset=utf-8' } }, null],
  ['JSON', { headers: { 'content-type': 'application/problem+json' } }, null],
])('%s is ResponseInvalid', async (_what, turn, bytes) => {
  const expected = { kind: 'callRecording', contentType: null, bytes };
  const { file, received } = fetched([{ version: one, ...turn }], { expected });
  await expect(received).rejects.toBeInstanceOf(ResponseInvalid);
  await expect(received).rejects.not.toThrow(/canary|secret/);
  expect(file.asked).toHaveLength(1);
});

test('the rest of a file of another length than listed is not received', async () => {
  const expected = { kind: 'recording', contentType: null, bytes: size + 1 };
  const { file, received } = fetched([{ version: one }], { expected, from: { offset: 9, validator: '"1"' } });
  await expect(received).rejects.toBeInstanceOf(ResponseInvalid);
  expect(file.sent()).toBe(0);
});

test('without a length the listed one tells a break from the end', async () => {
  const headers = { 'content-length': undefined };
  const expected = { kind: 'recording', contentType: null, bytes: size };
  const turns = [{ version: one, headers, breaksAfter: 9, quietly: true }, { version: one }];
  expect((await fetched(turns, { expected }).received).bytes).toEqual(one.bytes);
});

test('a range or a refusal of one that nobody asked for is ResponseInvalid', async () => {
  for (const status of [206, 416]) {
    const open: DownloadRequest['open'] = async () => ({ ...(await memoryFile({ version: one }).open({})), status });
    await expect(receiveAll({ open }, virtualClock())).rejects.toBeInstanceOf(ResponseInvalid);
  }
});

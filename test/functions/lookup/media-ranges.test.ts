import { beforeAll, expect, it } from 'vitest';
import { ask, put, readings, sentToS3, setUpMediaLookup, stored } from './media-lookup.ts';

setUpMediaLookup();

/** RFC 9110 ranges and conditions over one file of 1,000 bytes and one of none. */

const bytes = Buffer.from(Array.from({ length: 1_000 }, (_, i) => 33 + (i % 94)));
const path = '/v1/conversations/support:ranges/media';
let etag: string;

beforeAll(async () => {
  const media = [await stored(bytes, { key: 'file' }), await stored(Buffer.alloc(0), { key: 'empty' })];
  await put('ranges', { media });
  etag = `"${media[0]?.sha512}"`;
});

/** What comes back: the range as `first-last`, or the status. */
type Expected = `${number}-${number}` | 200 | 304 | 412 | 416;

async function expectAnswer(key: string, headers: Record<string, string>, expected: Expected, method = 'GET') {
  const answer = await ask(`${path}/${key}`, headers, { method });
  const file = key === 'empty' ? Buffer.alloc(0) : bytes;
  const part = typeof expected === 'string' ? /^(\d+)-(\d+)$/.exec(expected) : null;
  const sent = part ? file.subarray(Number(part[1]), Number(part[2]) + 1) : file;
  expect(answer.status).toBe(part ? 206 : expected);
  if (expected === 416) expect(answer.headers['content-range']).toBe(`bytes */${file.length}`);
  else expect(answer.headers['content-range']).toBe(part ? `bytes ${expected}/${file.length}` : undefined);
  expect(answer.headers).not.toHaveProperty('content-encoding');
  const isSent = part !== null || expected === 200;
  if (isSent) {
    expect(answer.headers).toMatchObject({ 'accept-ranges': 'bytes', 'content-length': String(sent.length) });
    expect(method === 'HEAD' ? sent : answer.bytes).toEqual(sent);
    if (key === 'file') expect(answer.headers['etag']).toBe(etag);
  }
  const isRead = isSent && method === 'GET';
  expect(readings).toEqual(isRead ? [{ client: 'crm', conversation: 'support:ranges', kind: `media:${key}` }] : []);
  expect(sentToS3).toEqual(isRead && sent.length > 0 ? ['GetObjectCommand'] : []);
}

/** The same number with leading zeros. */
const padded = (digits: string) => digits.padStart(40, '0');
const twoTo53 = '9007199254740992';

const single: [string, Expected][] = [
  ...(['0-0', '0-1', '1-1', '0-998', '0-999', '1-999', '998-999', '999-999', '500-499', '499-500'] as const).map(
    (range): [string, Expected] => [`bytes=${range}`, range === '500-499' ? 200 : range],
  ),
  ['bytes=0-', '0-999'],
  ['bytes=1-', '1-999'],
  ['bytes=500-', '500-999'],
  ['bytes=998-', '998-999'],
  ['bytes=999-', '999-999'],
  ['bytes=-1', '999-999'],
  ['bytes=-2', '998-999'],
  ['bytes=-500', '500-999'],
  ['bytes=-999', '1-999'],
  ['bytes=-1000', '0-999'],
  ['bytes=-1001', '0-999'],
  ['bytes=-5000000000', '0-999'],
  ['bytes=0-1000', '0-999'],
  ['bytes=0-1001', '0-999'],
  ['bytes=999-1000', '999-999'],
  ['bytes=500-99999999', '500-999'],
  ['bytes=1000-', 416],
  ['bytes=1000-1000', 416],
  ['bytes=1000-2000', 416],
  ['bytes=1001-', 416],
  ['bytes=5000000000-', 416],
  ['bytes=-0', 416],
  ['bytes=-00', 416],
];

const hugeNumbers: [string, Expected][] = [
  [`bytes=0-${twoTo53}`, '0-999'],
  [`bytes=0-${'9'.repeat(400)}`, '0-999'],
  [`bytes=999-${'9'.repeat(400)}`, '999-999'],
  [`bytes=${twoTo53}-`, 416],
  [`bytes=${'9'.repeat(400)}-`, 416],
  [`bytes=${'9'.repeat(400)}-${'9'.repeat(401)}`, 416],
  [`bytes=${'9'.repeat(401)}-${'9'.repeat(400)}`, 200],
  // As numbers these two are the same.
  ['bytes=9007199254740993-9007199254740992', 200],
  ['bytes=9007199254740992-9007199254740993', 416],
  [`bytes=-${twoTo53}`, '0-999'],
  [`bytes=-${'9'.repeat(400)}`, '0-999'],
  ['bytes=18446744073709551616-18446744073709551617', 416],
  ['bytes=4294967296-4294967297', 416],
  [`bytes=${padded('5')}-${padded('7')}`, '5-7'],
  [`bytes=-${padded('7')}`, '993-999'],
];

const malformed: [string, Expected][] = [
  ...['bytes', 'bytes=', 'bytes=-', 'bytes= -', 'bytes=--', 'bytes=--1', 'bytes=1', 'bytes=a-b', 'bytes=0-b'],
  ...['bytes=a-', 'bytes=-a', 'bytes=0x0-0x5', 'bytes=1e2-', 'bytes=1.0-2.0', 'bytes=+1-2', 'bytes=-1-2', 'bytes=1-+2'],
  ...['bytes=0--1', 'bytes=0-1-2', 'bytes=0 -1', 'bytes=0- 1', 'bytes=0 - 1', 'bytes =0-1', 'bytes:0-1', 'bytes 0-1'],
  ...[
    '=0-1',
    '0-1',
    '-',
    '*',
    'bytes=*',
    'bytes=*/1000',
    'bytes=0-1/1000',
    'bytes=0-1;q=1',
    'bytes="0-1"',
    'bytes=0–1',
  ],
  ...['bytes=1-0', 'bytes=999-0', 'bytes=2000-1000', 'bytes=٠-١', 'bytes=0-1=2', 'bytes=bytes=0-1', "bytes='0'-1"],
  ...['seconds=0-1', 'items=0-1', 'none', 'x-bytes=0-1', 'bytess=0-1', 'byte=0-1', 'lines=0-'],
].map((range): [string, Expected] => [range, 200]);

const lenient: [string, Expected][] = [
  ['BYTES=0-1', '0-1'],
  ['Bytes=0-1', '0-1'],
  [' bytes=0-1 ', '0-1'],
  ['bytes=0-1,', '0-1'],
  ['bytes=,0-1', '0-1'],
  ['bytes=, ,0-1 ,', '0-1'],
  ['bytes=,', 200],
];

const several: [string, Expected][] = [
  ...['bytes=0-0,1-1', 'bytes=0-0, -1', 'bytes=0-,0-', 'bytes=0-499,500-999', 'bytes=500-999,0-499', 'bytes=0-9,5-14'],
  ...['bytes=0-0,2000-', 'bytes=2000-,3000-', 'bytes=0-0,a-b', 'bytes=-1,-1', 'bytes=0-1,5-4', 'bytes=-0,-0'],
  `bytes=${Array.from({ length: 16 }, (_, i) => `${i}-${i}`).join(',')}`,
  `bytes=${Array.from({ length: 17 }, (_, i) => `${i}-${i}`).join(',')}`,
  `bytes=${Array.from({ length: 1_500 }, () => '0-').join(',')}`,
  `bytes=${Array.from({ length: 1_000 }, (_, i) => `${i}-`).join(',')}`,
].map((range): [string, Expected] => [range, 200]);

it.each([...single, ...hugeNumbers, ...malformed, ...lenient, ...several])('Range: %s', (range, expected) =>
  expectAnswer('file', { range }, expected),
);

it.each<[string, Expected]>([
  ['bytes=0-', 416],
  ['bytes=0-0', 416],
  ['bytes=1-', 416],
  ['bytes=-1', 416],
  ['bytes=-0', 416],
  ['bytes=1-0', 200],
  ['bytes=0-0,1-1', 200],
  ['seconds=0-', 200],
])('Range of an empty file: %s', (range, expected) => expectAnswer('empty', { range }, expected));

it('gives an empty file whole', () => expectAnswer('empty', {}, 200));

const other = `"${'0'.repeat(128)}"`;
const date = 'Tue, 03 Nov 2026 09:00:00 GMT';
const range = 'bytes=10-19';
const conditions: [string, () => Record<string, string>, Expected][] = [
  ['If-Range with the tag', () => ({ range, 'if-range': etag }), '10-19'],
  ['If-Range with the tag and blanks', () => ({ range, 'if-range': ` ${etag} ` }), '10-19'],
  ['If-Range with the tag, beyond the end', () => ({ range: 'bytes=1000-', 'if-range': etag }), 416],
  ['If-Range with the weak tag', () => ({ range, 'if-range': `W/${etag}` }), 200],
  ['If-Range with a stale tag', () => ({ range, 'if-range': other }), 200],
  ['If-Range with a stale tag, beyond the end', () => ({ range: 'bytes=1000-', 'if-range': other }), 200],
  ['If-Range with two tags', () => ({ range, 'if-range': `${etag}, ${other}` }), 200],
  ['If-Range with the tag unquoted', () => ({ range, 'if-range': etag.slice(1, -1) }), 200],
  ['If-Range with a star', () => ({ range, 'if-range': '*' }), 200],
  ['If-Range with a date', () => ({ range, 'if-range': date }), 200],
  ['If-Range with nothing', () => ({ range, 'if-range': '' }), 200],
  ['If-Range without Range', () => ({ 'if-range': etag }), 200],
  ['If-None-Match with the tag', () => ({ 'if-none-match': etag }), 304],
  ['If-None-Match with the weak tag', () => ({ 'if-none-match': `W/${etag}` }), 304],
  ['If-None-Match in a list', () => ({ 'if-none-match': `"a,b", ${other} ,${etag}` }), 304],
  ['If-None-Match with a star', () => ({ 'if-none-match': '*' }), 304],
  ['If-None-Match with another tag', () => ({ 'if-none-match': other }), 200],
  ['If-None-Match with the tag inside another', () => ({ 'if-none-match': `"x${etag.slice(1)}` }), 200],
  ['If-None-Match before Range', () => ({ range, 'if-none-match': etag }), 304],
  ['If-None-Match before an impossible Range', () => ({ range: 'bytes=1000-', 'if-none-match': etag }), 304],
  ['If-None-Match with another tag and Range', () => ({ range, 'if-none-match': other }), '10-19'],
  ['If-Match with the tag', () => ({ 'if-match': etag }), 200],
  ['If-Match with the tag and Range', () => ({ range, 'if-match': etag }), '10-19'],
  ['If-Match in a list', () => ({ 'if-match': `${other}, ${etag}` }), 200],
  ['If-Match with a star', () => ({ 'if-match': '*' }), 200],
  ['If-Match with another tag', () => ({ 'if-match': other }), 412],
  ['If-Match with the weak tag', () => ({ 'if-match': `W/${etag}` }), 412],
  ['If-Match with nothing', () => ({ 'if-match': '' }), 412],
  ['If-Match before If-None-Match', () => ({ 'if-match': other, 'if-none-match': etag }), 412],
  ['If-Match that fits, then If-None-Match', () => ({ 'if-match': etag, 'if-none-match': etag }), 304],
  ['If-Match before an impossible Range', () => ({ 'if-match': other, range: 'bytes=1000-' }), 412],
  ['If-Modified-Since', () => ({ 'if-modified-since': date }), 200],
  ['If-Unmodified-Since', () => ({ 'if-unmodified-since': 'Thu, 01 Jan 1970 00:00:00 GMT' }), 200],
  ['Accept-Encoding', () => ({ 'accept-encoding': 'gzip, br' }), 200],
  ['Accept-Encoding and Range', () => ({ range, 'accept-encoding': 'gzip;q=1, identity;q=0' }), '10-19'],
];
it.each(conditions)('%s', (_, headers, expected) => expectAnswer('file', headers(), expected));

it.each<[string, Record<string, string>, Expected]>([
  ['the whole', {}, 200],
  ['Range, which is for GET alone', { range }, 200],
  ['an impossible Range', { range: 'bytes=1000-' }, 200],
  ['If-None-Match', { 'if-none-match': '*' }, 304],
  ['If-Match', { 'if-match': other }, 412],
])('HEAD with %s, without S3', (_, headers, expected) => expectAnswer('file', headers, expected, 'HEAD'));

it('HEAD of an empty file', () => expectAnswer('empty', {}, 200, 'HEAD'));

it('a player that looks at the start, then the end, then the middle puts the file together', async () => {
  const parts = [];
  for (const asked of ['bytes=0-99', 'bytes=-100', 'bytes=100-899']) {
    parts.push((await ask(`${path}/file`, { range: asked, 'if-range': etag })).bytes);
  }
  expect(Buffer.concat([parts[0], parts[2], parts[1]].flatMap((part) => part ?? []))).toEqual(bytes);
});

import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { expect, test } from 'vitest';
import type { DownloadRequest } from '#shared/http/download.ts';
import { hostRules } from '#shared/http/host-rules.ts';
import { openStream } from '#shared/http/open-stream.ts';
import { TooLarge } from '#shared/http/too-large.ts';
import { loopback } from '#test/support/loopback.ts';
import { open } from '#test/support/serve.ts';
import { virtualClock } from '#test/support/virtual-clock.ts';
import { receiveAll } from './memory-file.ts';

const clock = virtualClock();
const bytes = randomBytes(1_000_003);

/** A server of the bytes that is cut off after `cutAfter` of them, so many times, and what it has sent. */
async function cutOff(times: number, cutAfter: number, end: (response: ServerResponse) => void) {
  const served = { sent: 0, ranges: [] as (string | undefined)[] };
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    const { range } = request.headers;
    const start = Number(/\d+/.exec(range ?? '0')?.[0]);
    served.ranges.push(range);
    const headers = { etag: '"1"', 'content-type': 'audio/wav', 'content-length': bytes.length - start };
    const contentRange = `bytes ${start}-${bytes.length - 1}/${bytes.length}`;
    response.writeHead(start > 0 ? 206 : 200, start > 0 ? { ...headers, 'content-range': contentRange } : headers);
    const rest = bytes.subarray(start, served.ranges.length > times ? undefined : start + cutAfter);
    served.sent += rest.length;
    if (served.ranges.length > times) response.end(rest);
    else response.write(rest, () => end(response));
  };
  const server = await loopback(answer);
  open.push(server);
  const request = { url: new URL(server.url), rules: hostRules({ baseUrl: server.url, mediaHosts: [] }) };
  const opening: DownloadRequest['open'] = (headers) =>
    openStream({ ...request, headers, limits: { bodyMs: 100 } }, clock);
  return { served, opening };
}

test('a clean file is fetched once, in one request', async () => {
  const { served, opening } = await cutOff(0, 0, () => undefined);
  const received = await receiveAll({ open: opening, maxBytes: bytes.length }, clock);
  expect(received.bytes.equals(bytes)).toBe(true);
  expect(served).toEqual({ sent: bytes.length, ranges: [undefined] });
});

test('ten broken connections cost no byte twice', async () => {
  const { served, opening } = await cutOff(10, 90_000, (response) => response.destroy());
  const received = await receiveAll({ open: opening, maxBytes: bytes.length }, clock);
  expect(received.bytes.equals(bytes)).toBe(true);
  expect(served.sent).toBe(bytes.length);
  expect(served.ranges).toEqual([undefined, ...Array.from({ length: 10 }, (_, n) => `bytes=${(n + 1) * 90_000}-`)]);
});

test('a connection that stalls is left and gone on with', async () => {
  const { served, opening } = await cutOff(1, 500_000, () => undefined);
  const received = await receiveAll({ open: opening, maxBytes: bytes.length }, clock);
  expect(received.bytes.equals(bytes)).toBe(true);
  expect(served.ranges).toEqual([undefined, 'bytes=500000-']);
});

test('a file over the limit is left before it is received', async () => {
  const { opening } = await cutOff(0, 0, () => undefined);
  await expect(receiveAll({ open: opening, maxBytes: bytes.length - 1 }, clock)).rejects.toBeInstanceOf(TooLarge);
});

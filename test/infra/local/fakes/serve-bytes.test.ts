import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import * as fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { type ByteSource, madeBytes, partOf, piecesOf } from '#infra/local/fakes/byte-source.ts';
import { bytesOf, type FakeAnswer, type FakeRequest } from '#infra/local/fakes/exchange.ts';
import { serveFake } from '#infra/local/fakes/serve.ts';
import { type ServedFile, serveBytes } from '#infra/local/fakes/serve-bytes.ts';
import { getRequest } from './asking.ts';

const stamp = Date.parse('2026-03-02T09:14:07.250Z');
const told = 'Mon, 02 Mar 2026 09:14:07 GMT';
const bytes = Buffer.from('0123456789');
const file: ServedFile = { bytes, contentType: 'audio/wav', etag: '"v1"', lastModifiedMs: stamp };

const ask = (headers: Record<string, string>, served = file, method = 'GET'): FakeAnswer =>
  serveBytes({ ...getRequest('/f'), method, headers }, served);
const textOf = (answer: FakeAnswer): string => Buffer.from(answer.body).toString();
const closers: (() => Promise<void>)[] = [];

afterEach(async () => {
  await Promise.all(closers.splice(0).map((close) => close()));
});

describe('a file', () => {
  it('comes whole, with what tells its version', () => {
    const answer = ask({});
    expect([answer.status, textOf(answer)]).toEqual([200, '0123456789']);
    expect(answer.headers).toEqual({
      'content-type': 'audio/wav',
      'accept-ranges': 'bytes',
      etag: '"v1"',
      'last-modified': told,
    });
    expect(serveBytes(getRequest('/f'), { bytes, contentType: 'audio/wav' }).headers).toEqual({
      'content-type': 'audio/wav',
      'accept-ranges': 'bytes',
    });
  });

  it.each([
    ['bytes=0-3', '0123', '0-3'],
    ['bytes=4-', '456789', '4-9'],
    ['bytes=9-9', '9', '9-9'],
    ['bytes=-3', '789', '7-9'],
    ['bytes=-99', '0123456789', '0-9'],
    ['bytes=2-99', '23456789', '2-9'],
    ['Bytes=1-2', '12', '1-2'],
  ])('comes in part for %s', (range, part, place) => {
    const answer = ask({ range });
    expect([answer.status, textOf(answer), answer.headers['content-range']]).toEqual([206, part, `bytes ${place}/10`]);
    expect(answer.headers['etag']).toBe('"v1"');
  });

  it.each(['bytes=10-', 'bytes=99-100', 'bytes=-0'])('has nothing for %s', (range) => {
    const answer = ask({ range });
    expect([answer.status, answer.headers['content-range'], textOf(answer)]).toEqual([416, 'bytes */10', '']);
  });

  it.each(['bytes=0-1,4-5', 'bytes=5-2', 'bytes=', 'bytes=-', 'items=0-1', 'nonsense'])(
    'comes whole for %s',
    (range) => {
      expect(ask({ range }).status).toBe(200);
    },
  );

  it('comes whole to HEAD, whose body is left out on the way', () => {
    expect(ask({ range: 'bytes=0-1' }, file, 'HEAD').status).toBe(200);
  });

  it('that is empty has no range', () => {
    const empty = { ...file, bytes: Buffer.alloc(0) };
    expect([ask({}, empty).status, ask({ range: 'bytes=0-' }, empty).headers['content-range']]).toEqual([
      200,
      'bytes */0',
    ]);
  });

  it.each([
    ['"v1"', 206],
    [told, 206],
    ['"v2"', 200],
    ['W/"v1"', 200],
    ['Mon, 02 Mar 2026 09:14:08 GMT', 200],
  ])('with If-Range %s answers %i', (ifRange, status) => {
    expect(ask({ range: 'bytes=2-', 'if-range': ifRange }).status).toBe(status);
  });

  it('with a weak ETag gives no part of a version', () => {
    const weak = { ...file, etag: 'W/"v1"' };
    expect(ask({ range: 'bytes=2-', 'if-range': 'W/"v1"' }, weak).status).toBe(200);
  });
});

describe('made bytes', () => {
  const length = 300_001;
  const all = Buffer.from(madeBytes('a', length).slice(0, length));

  it('are the same wherever they are cut', () => {
    const place = fc.integer({ min: 0, max: length });
    void fc.assert(
      fc.property(place, place, (one, other) => {
        const [start, end] = [Math.min(one, other), Math.max(one, other)];
        expect(all.subarray(start, end).equals(madeBytes('a', length).slice(start, end))).toBe(true);
        const pieces = [...piecesOf(partOf(madeBytes('a', length), start, end))];
        expect(all.subarray(start, end).equals(Buffer.concat(pieces))).toBe(true);
      }),
      { numRuns: 50 },
    );
  });

  it('differ by name and by place', () => {
    expect(all.equals(madeBytes('b', length).slice(0, length))).toBe(false);
    const blocks = [0, 1, 2, 3].map((n) => all.subarray(n * 65_536, n * 65_536 + 65_536).toString('hex'));
    expect(new Set(blocks).size).toBe(4);
  });

  it('are served in any part', () => {
    const made = { ...file, bytes: madeBytes('a', length) };
    void fc.assert(
      fc.property(fc.nat(length - 1), fc.nat(length), (first, more) => {
        const answer = ask({ range: `bytes=${first}-${first + more}` }, made);
        expect(all.subarray(first, first + more + 1).equals(bytesOf(answer).slice(0, length))).toBe(true);
      }),
      { numRuns: 50 },
    );
  });
});

describe('long bodies on a socket', () => {
  const served = async (source: ByteSource) => {
    const answer = (request: FakeRequest) => serveBytes(request, { ...file, bytes: source });
    const { origin, close } = await serveFake({ handle: answer, requests: { entries: [], total: 0, cost: 0 } });
    closers.push(close);
    return origin;
  };

  it('arrive as they are', async () => {
    const source = madeBytes('long', 8 * 1024 * 1024 + 17);
    const wanted = createHash('sha256');
    for (const piece of piecesOf(partOf(source, 5, source.length))) wanted.update(piece);
    const answer = await fetch(await served(source), { headers: { range: 'bytes=5-' } });
    expect([answer.status, answer.headers.get('content-length')]).toEqual([206, String(source.length - 5)]);
    const got = createHash('sha256');
    for await (const chunk of answer.body ?? []) got.update(chunk);
    expect(got.digest('hex')).toBe(wanted.digest('hex'));
  });

  it('are made no faster than they are read: a terabyte is announced and hardly begun', async () => {
    let made = 0;
    const slice = (start: number, end: number): Uint8Array => {
      made = end;
      return Buffer.alloc(end - start);
    };
    const reading = new AbortController();
    const answer = await fetch(await served({ length: 2 ** 40, slice }), { signal: reading.signal });
    expect(answer.headers.get('content-length')).toBe(String(2 ** 40));
    const reader = answer.body?.getReader();
    expect((await reader?.read())?.value?.length).toBeGreaterThan(0);
    for (let turn = 0; turn < 2_000; turn += 1) await setImmediate();
    expect(made).toBeGreaterThan(0);
    expect(made).toBeLessThan(32 * 1024 * 1024);
    reading.abort();
  });

  it('have no body for HEAD, and are not made for it', async () => {
    const slice = (): Uint8Array => expect.fail('made for nobody');
    const answer = await fetch(await served({ length: 5_000_000, slice }), { method: 'HEAD' });
    expect([answer.headers.get('content-length'), await answer.text()]).toEqual(['5000000', '']);
  });
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { AppError } from '#shared/domain/errors.ts';
import { virtualClock } from '#test/support/virtual-clock.ts';
import { memoryFile, receiveAll, type Turn, type Version } from './memory-file.ts';

const etag = (n: number): string => `"${n}"`;
const modified = (n: number): string => `Mon, 02 Mar 2026 08:00:${String(n).padStart(2, '0')} GMT`;

/** Versions whose bytes differ everywhere, mostly of one length, as a changed recording may be. */
const versions: fc.Arbitrary<Version[]> = fc
  .record({
    lengths: fc.array(fc.integer({ min: 0, max: 60 }), { minLength: 4, maxLength: 4 }),
    oneLength: fc.boolean(),
    marked: fc.constantFrom('etag', 'lastModified', 'both', 'weak', 'none'),
  })
  .map(({ lengths, oneLength, marked }) =>
    lengths.map((length, n) => ({
      bytes: Buffer.alloc(oneLength ? (lengths[0] ?? 0) : length, `${n}`),
      marks: {
        ...((marked === 'etag' || marked === 'both') && { etag: etag(n) }),
        ...(marked === 'weak' && { etag: `W/${etag(0)}` }),
        ...((marked === 'lastModified' || marked === 'both') && { 'last-modified': modified(n) }),
      },
    })),
  );

const habits = [
  'ignoresRange',
  'ignoresIfRange',
  'wrongStart',
  'wrongTotal',
  'noTotal',
  'saysLess',
  'noMarks',
  'never',
] as const;

const worlds = versions.chain((known) =>
  fc.record({
    known: fc.constant(known),
    turns: fc.array(
      fc.record({
        nth: fc.nat(3),
        breaksAfter: fc.option(fc.nat(60)),
        quietly: fc.boolean(),
        habit: fc.option(fc.constantFrom(...habits), { nil: undefined }),
        chunkBytes: fc.integer({ min: 1, max: 20 }),
        chunked: fc.boolean(),
      }),
      { minLength: 1, maxLength: 12 },
    ),
    from: fc.option(fc.record({ nth: fc.nat(3), offset: fc.nat(70), knowsTotal: fc.boolean() })),
  }),
);

test('whatever breaks, changes and lies, the bytes are those of one version, or there is an error', async () => {
  let whole = 0;
  let restarted = 0;
  await fc.assert(
    fc.asyncProperty(worlds, async ({ known, turns, from }) => {
      const version = (nth: number): Version => known[nth] ?? { bytes: Buffer.alloc(0), marks: {} };
      const played = turns.map(
        ({ nth, habit, quietly, chunked, ...turn }): Turn => ({
          ...turn,
          version: version(nth),
          ...(habit && { habit }),
          // A quiet break is only seen where a length was announced.
          quietly: quietly && !chunked,
          ...(chunked && { headers: { 'content-length': undefined, 'transfer-encoding': 'chunked' } }),
        }),
      );
      const { bytes, marks } = version(from?.nth ?? 0);
      const had = bytes.subarray(0, from?.offset ?? 0);
      const validator = marks['etag']?.startsWith('W/') ? null : (marks['etag'] ?? marks['last-modified'] ?? null);
      const saved = { offset: had.length, validator, total: from?.knowsTotal ? bytes.length : null };
      const request = { open: memoryFile(...played).open, from: from && saved };
      const result = await receiveAll(request, virtualClock(), had).catch((error: unknown) => error);
      if (result instanceof Error) {
        expect(result).toBeInstanceOf(AppError);
        return;
      }
      const received = result as Awaited<ReturnType<typeof receiveAll>>; // what is no error was received
      expect(known.map(({ bytes: all }) => all.toString())).toContain(received.bytes.toString());
      expect(received.end.bytes).toBe(received.bytes.length);
      whole += 1;
      restarted += Math.sign(received.restarts);
    }),
    { numRuns: 1_500, seed: 20_260_302 },
  );
  // Neither all errors nor all easy: the property has met what it is about.
  expect([whole > 500, restarted > 100]).toEqual([true, true]);
});

test('with a strong validator and a server that keeps to the rules, every byte is fetched once', async () => {
  const cuts = fc.array(fc.integer({ min: 1, max: 30 }), { maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(
      fc.uint8Array({ minLength: 1, maxLength: 200 }),
      cuts,
      fc.boolean(),
      async (content, breaks, byDate) => {
        const bytes = Buffer.from(content);
        const version: Version = { bytes, marks: byDate ? { 'last-modified': modified(1) } : { etag: etag(1) } };
        const file = memoryFile(...breaks.map((breaksAfter) => ({ version, breaksAfter })), { version });
        const received = await receiveAll({ open: file.open }, virtualClock());
        expect([received.bytes, received.restarts, file.sent()]).toEqual([bytes, 0, bytes.length]);
      },
    ),
  );
});

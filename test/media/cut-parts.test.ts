import { randomBytes } from 'node:crypto';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Chunk, Downloaded } from '#shared/http/download.ts';
import { cutParts } from '#shared/media/cut-parts.ts';

const of = { validator: '"one"', total: null, contentType: 'audio/wav' };
const file: Downloaded = { bytes: 0, contentType: 'audio/wav', validator: '"one"' };

async function* chunksOf(steps: readonly (Buffer | 'restart')[]): AsyncGenerator<Chunk, Downloaded, void> {
  for (const step of steps) yield step === 'restart' ? { restart: true } : { bytes: step, of };
  return file;
}

const noBeat = async (): Promise<void> => {};

it('gives out the bytes since the last restart in parts of one length, and the rest with the end', async () => {
  const steps = fc.array(fc.oneof({ weight: 9, arbitrary: fc.nat(40) }, { weight: 1, arbitrary: fc.constant(null) }), {
    maxLength: 30,
  });
  await fc.assert(
    fc.asyncProperty(steps, fc.integer({ min: 1, max: 20 }), async (lengths, partBytes) => {
      const sent = lengths.map((length) => (length === null ? ('restart' as const) : randomBytes(length)));
      const expected = sent.slice(sent.lastIndexOf('restart') + 1).filter((step) => step !== 'restart');
      let parts: Buffer[] = [];
      let previous: { given: Buffer; copy: Buffer } | null = null;
      let rest: Buffer | null = null;
      for await (const cut of cutParts(chunksOf(sent), partBytes, noBeat)) {
        // A part is still as it was while the next one is filled.
        if (previous) expect(previous.given.equals(previous.copy)).toBe(true);
        previous = null;
        if ('restart' in cut) parts = [];
        else if ('file' in cut) rest = Buffer.from(cut.bytes);
        else {
          expect(cut.bytes).toHaveLength(partBytes);
          previous = { given: cut.bytes, copy: Buffer.from(cut.bytes) };
          parts.push(previous.copy);
        }
      }
      expect(rest?.length ?? -1).toBeLessThanOrEqual(partBytes);
      expect(Buffer.concat([...parts, rest ?? Buffer.alloc(0)]).equals(Buffer.concat(expected))).toBe(true);
      // What is left is only empty where nothing came.
      if (parts.length > 0) expect(rest?.length).toBeGreaterThan(0);
    }),
  );
});

it('lets go of the download when its reader stops or fails', async () => {
  let open = 0;
  async function* endless(): AsyncGenerator<Chunk, Downloaded, void> {
    open += 1;
    try {
      for (;;) yield { bytes: Buffer.alloc(8), of };
    } finally {
      open -= 1;
    }
  }
  for await (const _cut of cutParts(endless(), 16, noBeat)) break;
  expect(open).toBe(0);
  const failing = cutParts(endless(), 16, () => Promise.reject(new Error('lease lost')));
  await expect(failing.next()).rejects.toThrow('lease lost');
  expect(open).toBe(0);
});

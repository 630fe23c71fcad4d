import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { pack, unpack } from '#shared/storage/pack.ts';

it.each(['record', 'transcript'] as const)('what is packed as a %s comes out as it was', (packing) => {
  void fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const wellFormed = text.toWellFormed();
      expect(unpack(pack(wellFormed, packing), packing)).toBe(wellFormed);
    }),
  );
});

/** Packed by the code before records had files, as base64: items like these may lie in tables for years. */
const before: readonly { text: string; packed: string }[] = JSON.parse(
  readFileSync(new URL('../fixtures/packed-records.json', import.meta.url), 'utf8'),
);

it('reads what was packed before records had files', () => {
  expect(before.length).toBeGreaterThan(2);
  for (const { text, packed } of before) expect(unpack(Buffer.from(packed, 'base64'), 'record')).toBe(text);
});

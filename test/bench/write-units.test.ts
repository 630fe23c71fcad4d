import { describe, expect, it } from 'vitest';
import { itemAttributes as a, conversationSort, tableKeys } from '#shared/facts/table.ts';
import { type Image, sizeOf, writeUnits } from './write-units.ts';

const s = (text: string) => ({ S: text });
const bytes = (count: number) => ({ B: new Uint8Array(count) });

/** An item without rows in any index, of that many bytes. */
function itemOf(size: number): Image {
  const keys = { [tableKeys.partition]: s('p'), [tableKeys.sort]: s('s') };
  return { ...keys, x: bytes(size - sizeOf(keys) - 1) };
}

/** A conversation's item with rows in the two time indexes, and in the index of the due where it is open. */
function conversation({ record = 100, transcript = 0, updated = '2026-11-02', open = false } = {}): Image {
  return {
    [tableKeys.partition]: s('u'),
    [tableKeys.sort]: s(conversationSort),
    [a.connection]: s('acme'),
    [a.startKey]: s('2026-11-01#u'),
    [a.updateKey]: s(`${updated}#u`),
    ...(open ? { [a.dueConnection]: s('acme'), [a.dueKey]: s('2026-11-01#u') } : {}),
    [a.version]: { N: '1' },
    [a.record]: bytes(record),
    [a.transcript]: bytes(transcript),
  };
}

describe('the item itself', () => {
  it.each([
    [1, 1_023],
    [1, 1_024],
    [2, 1_025],
    [2, 2_048],
    [3, 2_049],
  ])('costs %i for %i bytes', (units, size) => {
    expect(sizeOf(itemOf(size))).toBe(size);
    expect(writeUnits(undefined, itemOf(size)).total).toBe(units);
  });

  it('costs by the larger of before and after', () => {
    expect(writeUnits(itemOf(3_000), itemOf(10)).total).toBe(3);
    expect(writeUnits(itemOf(10), itemOf(3_000)).total).toBe(3);
    expect(writeUnits(itemOf(3_000), undefined).total).toBe(3);
  });

  it('costs where nothing was changed too, and one where nothing was there', () => {
    expect(writeUnits(itemOf(1_500), itemOf(1_500)).total).toBe(2);
    expect(writeUnits(undefined, undefined).total).toBe(1);
  });
});

describe('its rows in the indexes', () => {
  it('cost a unit each when they are new, by what they carry and not by the item', () => {
    const { table, indexes } = writeUnits(undefined, conversation({ transcript: 5_000 }));
    expect({ table, indexes }).toEqual({ table: 6, indexes: { byStart: 1, byUpdate: 1, byDue: 0 } });
    expect(writeUnits(undefined, conversation({ record: 1_200 })).indexes).toEqual({
      byStart: 2,
      byUpdate: 2,
      byDue: 0,
    });
  });

  it('cost nothing while what they carry stays', () => {
    expect(writeUnits(conversation(), conversation({ transcript: 900 })).indexes).toEqual({
      byStart: 0,
      byUpdate: 0,
      byDue: 0,
    });
  });

  it('cost nothing for attributes in another order', () => {
    const reordered = Object.fromEntries(Object.entries(conversation()).reverse());
    expect(writeUnits(conversation(), reordered).indexes).toEqual({ byStart: 0, byUpdate: 0, byDue: 0 });
  });

  it('cost once when what they carry changes, by the larger', () => {
    expect(writeUnits(conversation(), conversation({ record: 1_200 })).indexes).toEqual({
      byStart: 2,
      byUpdate: 2,
      byDue: 0,
    });
  });

  it('are removed and put when their key moves', () => {
    const moved = conversation({ updated: '2026-11-03' });
    expect(writeUnits(conversation(), moved).indexes).toEqual({ byStart: 0, byUpdate: 2, byDue: 0 });
    const grown = conversation({ updated: '2026-11-03', record: 1_200 });
    expect(writeUnits(conversation(), grown).indexes).toEqual({ byStart: 2, byUpdate: 3, byDue: 0 });
  });

  it('come and go in the sparse index, which carries keys only', () => {
    const open = conversation({ open: true, record: 1_200 });
    expect(writeUnits(undefined, open).indexes['byDue']).toBe(1);
    expect(writeUnits(open, conversation({ record: 1_200 })).indexes).toEqual({ byStart: 0, byUpdate: 0, byDue: 1 });
    expect(writeUnits(open, conversation({ open: true })).indexes['byDue']).toBe(0);
  });
});

describe('the size of an item', () => {
  it.each<[number, Image]>([
    [3, { n: { N: '12' } }],
    [4, { n: { N: '-123' } }],
    [5, { é: s('abc') }],
    [4, { b: { B: Buffer.from('abc') } }],
    [2, { t: { BOOL: true } }],
    [2, { z: { NULL: true } }],
    [4 + 1 + 3, { m: { M: { k: s('ab') } } }],
    [4 + 1 + 2, { l: { L: [s('ab')] } }],
  ])('is %i bytes', (size, image) => {
    expect(sizeOf(image)).toBe(size);
  });

  it('counts bytes that came as base64 text as bytes', () => {
    const text = Buffer.from('abcd').toString('base64') as unknown as Uint8Array;
    expect(sizeOf({ b: { B: text } })).toBe(5);
  });
});

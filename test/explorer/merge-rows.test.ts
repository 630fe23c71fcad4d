import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mergeRows, orderOf } from '#explorer/conversations/merge-rows.ts';

type Row = { uuid: string; startedAt: string | null; updatedAt: string; durationMs: number | null };

const rowOf = (uuid: string, startedAt: string | null): Row => ({ uuid, startedAt, updatedAt: '0', durationMs: null });
const rows = fc.uniqueArray(
  fc
    .tuple(fc.string({ maxLength: 3 }), fc.option(fc.constantFrom('1', '2', '3', '4')))
    .map(([id, at]) => rowOf(id, at)),
  { selector: ({ uuid }) => uuid },
);
const newest = orderOf({});

describe('rows of a list', () => {
  it('stand in one order, those without a value last in both directions', () => {
    const given = [rowOf('a', null), rowOf('b', '1'), rowOf('c', '2'), rowOf('d', '2')];
    expect(given.toSorted(newest).map(({ uuid }) => uuid)).toEqual(['d', 'c', 'b', 'a']);
    expect(given.toSorted(orderOf({ order: 'asc' })).map(({ uuid }) => uuid)).toEqual(['b', 'c', 'd', 'a']);
  });

  it('are what the API holds, however often a page is read again', () => {
    const worlds = fc.tuple(rows, rows, fc.integer({ min: 1, max: 5 }));
    void fc.assert(
      fc.property(worlds, ([before, after, size]) => {
        const first = before.toSorted(newest).slice(0, size);
        const shown = mergeRows<Row>([], first, { after: null, until: first.at(-1) ?? null }, newest);
        const sorted = after.toSorted(newest);
        const fresh = sorted.slice(0, size);
        const until = sorted.length > size ? (fresh.at(-1) ?? null) : null;
        const merged = mergeRows(shown, fresh, { after: null, until }, newest);
        expect(merged).toEqual(merged.toSorted(newest));
        expect(new Set(merged.map(({ uuid }) => uuid)).size).toBe(merged.length);
        expect(merged.slice(0, fresh.length)).toEqual(fresh);
        const behind = shown.filter((row) => until !== null && newest(row, until) > 0);
        expect(merged.slice(fresh.length)).toEqual(
          behind.filter((row) => !fresh.some(({ uuid }) => uuid === row.uuid)),
        );
      }),
    );
  });

  it('lose what a page covers and does not have any more', () => {
    const shown = [rowOf('c', '3'), rowOf('b', '2'), rowOf('a', '1')];
    const [, , last] = shown;
    const fresh = [rowOf('c', '3'), rowOf('a', '1')];
    expect(mergeRows(shown, fresh, { after: null, until: last ?? null }, newest).map(({ uuid }) => uuid)).toEqual([
      'c',
      'a',
    ]);
    expect(mergeRows(shown, [], { after: rowOf('b', '2'), until: null }, newest).map(({ uuid }) => uuid)).toEqual([
      'c',
      'b',
    ]);
  });
});

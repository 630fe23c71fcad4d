import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compilePattern } from '#infra/local/events/event-pattern.ts';

const fits = (pattern: unknown, event: unknown) => compilePattern(JSON.stringify(pattern))(event);
const fieldFits = (matcher: unknown, value: unknown) => fits({ f: [matcher] }, { f: value });

const letters = fc.string({ unit: fc.constantFrom('a', 'b', 'A', '-'), maxLength: 6 });
const leaf = fc.oneof(letters, fc.integer({ min: -5, max: 5 }), fc.boolean(), fc.constant(null));
const name = fc.constantFrom('x', 'y', 'z');
const { event: anyEvent } = fc.letrec((tie) => ({
  event: fc.dictionary(name, fc.oneof({ depthSize: 'small' }, leaf, tie('event')), { minKeys: 1, maxKeys: 3 }),
}));

type Tree = { [name: string]: unknown };
const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null;

/** The pattern that asks for exactly this event. */
function patternOf(event: Tree): Tree {
  return Object.fromEntries(
    Object.entries(event).map(([key, value]) => [key, isTree(value) ? patternOf(value) : [value]]),
  );
}

/** What an exact pattern means, said the other way round. */
function contains(event: unknown, wanted: Tree): boolean {
  return Object.entries(wanted).every(([key, value]) => {
    const found = isTree(event) ? event[key] : undefined;
    return isTree(value) ? contains(found, value) : found === value;
  });
}

describe('properties', () => {
  it('an exact pattern fits the events that hold all it names, and no other', () => {
    void fc.assert(
      fc.property(anyEvent, anyEvent, (a, b) => {
        if (!isTree(a) || !isTree(b)) throw new Error('the generator makes objects');
        expect(fits(patternOf(a), a)).toBe(true);
        expect(fits(patternOf(a), b)).toBe(contains(b, a));
      }),
      { numRuns: 500 },
    );
  });

  it('text matchers agree with the language’s own', () => {
    void fc.assert(
      fc.property(letters, letters, (operand, value) => {
        expect(fieldFits({ prefix: operand }, value)).toBe(value.startsWith(operand));
        expect(fieldFits({ suffix: operand }, value)).toBe(value.endsWith(operand));
        expect(fieldFits({ 'equals-ignore-case': operand }, value)).toBe(operand.toLowerCase() === value.toLowerCase());
        expect(fieldFits({ prefix: { 'equals-ignore-case': operand } }, value)).toBe(
          value.toLowerCase().startsWith(operand.toLowerCase()),
        );
      }),
      { numRuns: 500 },
    );
  });

  it('wildcards agree with a regular expression', () => {
    const piece = fc.string({ unit: fc.constantFrom('a', 'b', '.'), maxLength: 2 });
    void fc.assert(
      fc.property(
        fc.array(
          piece.filter((text) => text !== ''),
          { maxLength: 4 },
        ),
        fc.boolean(),
        fc.boolean(),
        fc.string({ unit: fc.constantFrom('a', 'b', '.'), maxLength: 8 }),
        (pieces, open, end, value) => {
          const wildcard = `${open ? '*' : ''}${pieces.join('*')}${end && (pieces.length > 0 || !open) ? '*' : ''}`;
          const expression = new RegExp(`^${wildcard.replaceAll('.', '\\.').replaceAll('*', '.*')}$`);
          expect(fieldFits({ wildcard }, value)).toBe(expression.test(value));
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('numeric ranges and anything-but agree with comparisons', () => {
    const number = fc.integer({ min: -5, max: 5 });
    void fc.assert(
      fc.property(number, number, leaf, (low, high, value) => {
        const inside = typeof value === 'number' && value > low && value <= high;
        expect(fieldFits({ numeric: ['>', low, '<=', high] }, value)).toBe(inside);
        expect(fieldFits({ 'anything-but': [low, high] }, value)).toBe(value !== low && value !== high);
      }),
    );
  });
});

describe('cases', () => {
  it.each([
    ['a list fits if one of its values does', { f: ['b'] }, { f: ['a', 'b'] }, true],
    ['objects in a list are looked into', { f: { g: [1] } }, { f: [{ g: 2 }, { g: 1 }] }, true],
    ['numbers and texts differ', { f: ['1'] }, { f: 1 }, false],
    ['exists is about leaves', { f: [{ exists: true }] }, { f: { g: 1 } }, false],
    ['null exists', { f: [{ exists: true }] }, { f: null }, true],
    ['exists: false under what is absent', { f: { g: [{ exists: false }] } }, {}, true],
    ['exists: false beside a value', { f: ['a', { exists: false }] }, {}, true],
    ['anything-but needs the field', { f: [{ 'anything-but': 'a' }] }, {}, false],
    ['anything-but a prefix', { f: [{ 'anything-but': { prefix: ['a', 'b'] } }] }, { f: 'bc' }, false],
    ['$or takes one', { $or: [{ a: [1] }, { b: [2] }] }, { b: 2 }, true],
    ['$or beside a field that does not fit', { $or: [{ a: [1] }, { b: [2] }], c: [3] }, { b: 2 }, false],
    ['pieces around a star do not overlap', { f: [{ wildcard: '*ab*b' }] }, { f: 'ab' }, false],
    ['an escaped star is a star', { f: [{ wildcard: 'a\\*b' }] }, { f: 'axb' }, false],
    ['names of the language itself are no fields', { toString: [{ exists: true }] }, {}, false],
  ])('%s', (_, pattern, event, expected) => {
    expect(fits(pattern, event)).toBe(expected);
  });

  it.each([
    'no json',
    '[]',
    '{}',
    '{"f": "a"}',
    '{"f": []}',
    '{"f": {}}',
    '{"f": [{"like": "a"}]}',
    '{"f": [{"prefix": "a", "suffix": "b"}]}',
    '{"f": [{"prefix": 1}]}',
    '{"f": [{"numeric": [">"]}]}',
    '{"f": [{"numeric": []}]}',
    '{"f": [{"numeric": ["~", 1]}]}',
    '{"f": [{"exists": "yes"}]}',
    '{"f": [{"wildcard": "a**b"}]}',
    '{"f": [{"anything-but": []}]}',
    '{"f": [{"anything-but": {"like": "a"}}]}',
    '{"$or": [{"a": [1]}]}',
  ])('refuses %s', (text) => {
    expect(() => compilePattern(text)).toThrow('Event pattern is not valid');
  });

  it('names a matcher that it does not have', () => {
    expect(() => compilePattern('{"f": [{"cidr": "10.0.0.0/8"}]}')).toThrow('cidr is not supported');
  });
});

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatInstant, instantOrder, parseInstant } from '#shared/domain/instant.ts';

const ms = fc.integer({ min: 0, max: 4_102_444_800_000 });

describe('instants', () => {
  it('are read with any offset and up to nine decimals', () => {
    expect(parseInstant('2026-03-02T09:52:44.907312-05:00')).toBe(Date.parse('2026-03-02T14:52:44.907Z'));
    expect(parseInstant('2026-03-02T09:52:44+0100')).toBe(Date.parse('2026-03-02T08:52:44Z'));
    expect(parseInstant('2026-03-02T09:52:44.9999999Z')).toBe(Date.parse('2026-03-02T09:52:44.999Z'));
    expect(parseInstant('2026-03-02T09:52:44.9Z')).toBe(Date.parse('2026-03-02T09:52:44.900Z'));
  });

  it.each([
    '',
    '2026-03-02',
    '2026-13-02T00:00:00Z',
    '2026-13-02T00:00:00.000Z',
    '2026-03-02T09:52:44',
    'yesterday',
    '2026-03-02T09:52:44.1234567890Z',
  ])('refuse %j', (text) => expect([parseInstant(text), instantOrder(text)]).toEqual([null, null]));

  it('sort as text to the microsecond', () => {
    void fc.assert(
      fc.property(ms, ms, fc.integer({ min: 0, max: 999 }), fc.integer({ min: 0, max: 999 }), (a, b, x, y) => {
        const stamp = (at: number, micros: number) =>
          `${formatInstant(at).slice(0, 23)}${String(micros).padStart(3, '0')}Z`;
        const numeric = Math.sign(a - b) || Math.sign(x - y);
        const [left, right] = [instantOrder(stamp(a, x)) ?? '', instantOrder(stamp(b, y)) ?? ''];
        expect(left < right ? -1 : left > right ? 1 : 0).toBe(numeric);
      }),
    );
  });
});

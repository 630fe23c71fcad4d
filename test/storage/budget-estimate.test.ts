import fc from 'fast-check';
import { expect, test } from 'vitest';
import { between, type Random, seededRandom } from '#infra/local/fakes/random.ts';
import { afterRefusal, estimatedLimit, type Refused } from '#shared/storage/budget-estimate.ts';

const now = { limit: 120, index: 1_000, used: 60, inFlight: 1 };
const twice = (): Refused => afterRefusal(afterRefusal(null, now), { ...now, index: 1_001 });

test('a single refusal teaches nothing, a second one in the next window how much there was', () => {
  const once = afterRefusal(null, now);
  expect(estimatedLimit(120, once, 1_001)).toBe(120);
  const learned = twice();
  expect(estimatedLimit(120, learned, 1_002)).toBeLessThan(60);
  expect(estimatedLimit(120, learned, 1_002)).toBeGreaterThan(56);
});

test('of several refusals of one window the first tells', () => {
  const learned = twice();
  expect(afterRefusal(learned, { ...now, index: 1_001, used: 20 })).toBe(learned);
});

test('one refusal now and then, or of very many requests, does not lower the limit', () => {
  let refused: Refused | null = null;
  for (let index = 0; index < 50; index += 5) {
    refused = afterRefusal(refused, { ...now, index, used: 24 });
    expect(estimatedLimit(120, refused, index + 1)).toBe(120);
  }
  const many = { limit: 2_000, index: 7, used: 900, inFlight: 1 };
  const rare = afterRefusal(afterRefusal(null, many), { ...many, index: 8 });
  expect(estimatedLimit(2_000, rare, 9)).toBe(2_000);
  const together = afterRefusal(afterRefusal(null, many), { ...many, index: 8, inFlight: 8 });
  expect(estimatedLimit(2_000, together, 9)).toBeLessThan(1_000);
});

test('the belief grows slowly, then fast, and is forgotten after an hour', () => {
  const believed = Array.from({ length: 62 }, (_, windows) => estimatedLimit(120, twice(), 1_001 + windows));
  expect(believed).toEqual(believed.toSorted((a, b) => a - b));
  expect(believed[6]).toBeLessThan(66);
  expect(believed[40]).toBe(120);
  const small = afterRefusal(afterRefusal(null, { ...now, used: 8 }), { ...now, index: 1_001, used: 8 });
  expect(estimatedLimit(120, small, 1_061)).toBeLessThan(12);
  expect(estimatedLimit(120, small, 1_062)).toBe(120);
});

test('an outage is no limit', () => {
  const out = { ...now, used: 2 };
  const refused = afterRefusal(afterRefusal(null, out), { ...out, index: 1_001 });
  expect(estimatedLimit(120, refused, 1_002)).toBe(120);
  const later = afterRefusal(twice(), { ...out, index: 1_005 });
  expect(estimatedLimit(120, later, 1_006)).toBeGreaterThan(55);
});

test('a refusal far below what was just learned ends the learning for an hour', () => {
  const erratic = afterRefusal(twice(), { ...now, index: 1_004, used: 20 });
  for (const index of [1_005, 1_030, 1_064]) {
    expect(estimatedLimit(120, erratic, index)).toBe(120);
    expect(afterRefusal(erratic, { ...now, index, used: 30 })).toBe(erratic);
  }
});

test('a window that only a wrong clock can have written is forgotten', () => {
  const strange = { index: 900_000, limit: 3 };
  expect(afterRefusal(strange, now)).toEqual({ index: now.index, limit: null });
});

test('whatever is refused, the belief lies between one and the limit', () => {
  const refusal = fc.record({
    gap: fc.integer({ min: -2, max: 80 }),
    share: fc.double({ min: 0, max: 1, noNaN: true }),
    inFlight: fc.integer({ min: 1, max: 8 }),
  });
  void fc.assert(
    fc.property(fc.integer({ min: 1, max: 1_000 }), fc.array(refusal, { maxLength: 12 }), (limit, refusals) => {
      let refused: Refused | null = null;
      let index = 1_000;
      for (const { gap, share, inFlight } of refusals) {
        index += gap;
        const used = Math.floor(share * estimatedLimit(limit, refused, index));
        refused = afterRefusal(refused, { limit, index, used, inFlight });
        for (const later of [0, 1, 5, 61]) {
          const believed = estimatedLimit(limit, refused, index + later);
          expect(believed).toBeGreaterThanOrEqual(1);
          expect(believed).toBeLessThanOrEqual(limit);
        }
      }
    }),
  );
});

/** Some hundred windows with a neighbour that takes 0 to 2 points before each of ours. */
function shareWithNeighbour(limit: number, random: Random): { used: number; refusedOfThousand: number } {
  const windows = 400;
  let [ours, all, refusals] = [0, 0, 0];
  let refused: Refused | null = null;
  for (let index = 0; index < windows; index++) {
    let [used, gone] = [0, 0];
    while (used < estimatedLimit(limit, refused, index)) {
      gone += between(random, 0, 2);
      if (gone >= limit) {
        refused = afterRefusal(refused, { limit, index, used, inFlight: 1 });
        refusals += 1;
        break;
      }
      gone += 1;
      used += 1;
    }
    ours += used;
    all += Math.min(limit, gone);
  }
  return { used: all / (limit * windows), refusedOfThousand: (1_000 * refusals) / ours };
}

test.each([160, 200, 300, 600])('of %d a minute that are shared nearly all are used and few are refused', (limit) => {
  const { used, refusedOfThousand } = shareWithNeighbour(limit, seededRandom('shared', limit));
  expect(used).toBeGreaterThan(0.95);
  expect(refusedOfThousand).toBeLessThan(5);
});

import type { Random } from '../random.ts';
import { between, seededRandom } from '../random.ts';
import { usPerMs } from '../stamp.ts';
import type { InventShape } from './shape.ts';

/** Moments in [fromMs, toMs), ascending microseconds; the first `equalStamps` of a random choice share one. */
export function inventMoments(
  random: Random,
  fromMs: number,
  toMs: number,
  count: number,
  shape: InventShape,
): number[] {
  const moment = (): number => fromMs * usPerMs + Math.floor(random() * (toMs - fromMs) * usPerMs);
  const shared = moment();
  const equal = Math.min(count, shape.equalStamps);
  const moments = Array.from({ length: count }, (_, i) => (i < equal ? shared : moment()));
  return moments.sort((a, b) => a - b);
}

/** How a demo's world grows. */
export type Growth = {
  readonly seed: string;
  /** when the growing began; before it lie `past` conversations */
  readonly sinceMs: number;
  readonly past: number;
  readonly pastMs: number;
  readonly gapMs: { readonly min: number; readonly max: number };
};

export const demoGrowth = (seed: string, sinceMs: number): Growth => ({
  seed,
  sinceMs,
  past: 40,
  pastMs: 3 * 24 * 3_600_000,
  gapMs: { min: 8_000, max: 15_000 },
});

/**
 * Gives, for each moment asked for, the records that came since the last time: the k-th one depends on seed, `sinceMs`
 * and k alone, so that a restart with the same `sinceMs` shows the same past.
 */
export function growing<T>(growth: Growth, invent: (random: Random, atUs: number) => T): (nowMs: number) => T[] {
  const { seed, sinceMs, past, pastMs, gapMs } = growth;
  let k = 0;
  let nextMs = sinceMs;
  const waiting = Array.from({ length: past }, (_, i) => {
    const random = seededRandom(seed, 'past', i);
    return invent(random, (sinceMs - between(random, 60_000, pastMs)) * usPerMs + between(random, 0, 999));
  });
  const advance = (): void => {
    k += 1;
    nextMs += between(seededRandom(seed, 'gap', k), gapMs.min, gapMs.max);
  };
  advance();
  return (nowMs) => {
    const records = waiting.splice(0);
    for (; nextMs <= nowMs; advance()) {
      const random = seededRandom(seed, 'live', k);
      records.push(invent(random, nextMs * usPerMs + between(random, 0, 999)));
    }
    return records;
  };
}

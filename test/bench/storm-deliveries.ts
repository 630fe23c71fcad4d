import { seededRandom } from '#infra/local/fakes/random.ts';
import { benchHistory, type Hook, hookOf } from './hook-world.ts';

export type StormDelivery = Hook & { call: string; isForged: boolean };

export type Storm = {
  /** in the order in which they are sent */
  deliveries: readonly StormDelivery[];
  doubled: number;
  outOfOrder: number;
};

const shares = { doubled: 0.3, outOfOrder: 0.2, forged: 0.05 };

/** A body that stands in the bucket and not in its message, in every hundredth delivery. */
const large = 'x'.repeat(130 * 1024);

/**
 * So many deliveries about calls of `benchHistory`: two of each call, of which some come in the wrong order; some of all
 * come twice, and some are signed with another secret and name calls of which nothing genuine tells. Equal arguments give
 * an equal storm.
 */
export function makeStorm(count: number, now: number): Storm {
  const random = seededRandom('storm', count);
  const forged = Math.round(count * shares.forged);
  const doubled = Math.round(count * shares.doubled);
  const pairs = Math.floor((count - forged - doubled) / 2);
  const ids = benchHistory(pairs + forged, now).calls.map(({ id }) => id);
  const outOfOrder = Math.round(pairs * shares.outOfOrder);
  const genuine = ids.slice(0, pairs).flatMap((call, n) => {
    const more = n % 100 === 0 ? { transcript: large } : {};
    const pair = [1, 2].map((step) => ({ ...hookOf(call, { step, ...more }), call, isForged: false }));
    return n < outOfOrder ? pair.toReversed() : pair;
  });
  const repeats = genuine.slice(0, doubled);
  const lies = ids.slice(pairs).map((call) => ({ ...hookOf(call, {}, 'another-secret'), call, isForged: true }));
  // Each with a place at which it comes; what is told twice comes again later.
  const placed = [
    ...genuine.map((delivery, at) => ({ delivery, at })),
    ...repeats.map((delivery, at) => ({ delivery, at: at + random() * genuine.length })),
    ...lies.map((delivery) => ({ delivery, at: random() * genuine.length })),
  ];
  const deliveries = placed.toSorted((a, b) => a.at - b.at).map(({ delivery }) => delivery);
  return { deliveries, doubled, outOfOrder };
}

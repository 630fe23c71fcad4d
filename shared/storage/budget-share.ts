/** How much of a window each lane may use, pure. All lengths are milliseconds. */

/**
 * Live before due before backfill: what a lane leaves to those above it when a window begins, in steps of its limit. The
 * reserve shrinks with the time that it is for, so that in the end all of the window can be spent.
 */
const stepsKept = { live: 0, due: 2, backfill: 4 } as const;
export type BudgetLane = keyof typeof stepsKept;

/**
 * A step is a twentieth of the limit: what is released at once is worth a runner's waiting and its write to the table.
 */
export const limitSteps = 20;

/** In the last third of a window nothing is kept back: enough time for a runner or a tick to spend it. */
const freeMs = (spanMs: number): number => spanMs / 3;

const stepMs = (lane: BudgetLane, spanMs: number): number => (spanMs - freeMs(spanMs)) / stepsKept[lane];

/** A small limit still lets a lower lane ask at all. */
const ceilingAt = (limit: number, steps: number, need: number): number =>
  Math.min(limit, Math.max(Math.floor((limit * (limitSteps - steps)) / limitSteps), need));

/** What is asked of one window: its limit and length, for whom, and how many tokens are the fewest of use. */
export type ShareClaim = { limit: number; spanMs: number; lane: BudgetLane; need: number };

/** The highest count that a lane may reach while that much of the window is left. */
export function ceilingOf({ limit, spanMs, lane, need }: ShareClaim, leftMs: number): number {
  const steps = leftMs <= freeMs(spanMs) ? 0 : Math.ceil((leftMs - freeMs(spanMs)) / stepMs(lane, spanMs));
  return ceilingAt(limit, Math.min(stepsKept[lane], steps), need);
}

/** How much of the window is left when a lane may first go beyond `used`; 0 where only the next window helps. */
export function leftWhenFree({ limit, spanMs, lane, need }: ShareClaim, used: number): number {
  for (let steps: number = stepsKept[lane]; steps >= 0; steps--) {
    if (used + need > ceilingAt(limit, steps, need)) continue;
    return steps === 0 ? freeMs(spanMs) : freeMs(spanMs) + steps * stepMs(lane, spanMs);
  }
  return 0;
}

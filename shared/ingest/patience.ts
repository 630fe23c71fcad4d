import type { Clock } from '#shared/http/clock.ts';

/** How a lane waits for the budget instead of ending its run. */
export type Patience = {
  /** our clock by which a wait must be over (milliseconds since 1970) */
  until: number;
  /** called every few seconds of a wait with their number in milliseconds; what it throws ends the wait */
  keep: (waitedMs: number) => Promise<void>;
};

/**
 * The longest wait inside a run: a minute's reset and some room. An hour's reset is not waited for, though it may lie
 * within the run's time: a run that waits is billed, and the next tick, which costs one write, comes soon enough for
 * what an hour's budget allows.
 */
const longestMs = 65_000;

/** Shorter than half of a lease. */
const sliceMs = 5_000;

/** Clocks are compared by the second, and runners that wait for the same reset should not all come at once. */
const edgeMs = 500;

/** Waits so long and a little more; false, at once, where there is no patience for that. Many at once wait once. */
export function openWaiting({
  now,
  random,
  sleep,
}: Clock): (neededMs: number, patience: Patience | null) => Promise<boolean> {
  let waiting: Promise<void> | null = null;

  const wait = async (ms: number, { keep }: Patience): Promise<void> => {
    for (let left = ms; left > 0; left -= sliceMs) {
      const slice = Math.min(sliceMs, left);
      await sleep(slice);
      await keep(slice);
    }
  };

  return async (neededMs, patience) => {
    if (patience === null) return false;
    if (neededMs <= 0) return true;
    const ms = Math.ceil(neededMs + edgeMs * (1 + random()));
    if (ms > longestMs || now() + ms > patience.until) return false;
    waiting ??= wait(ms, patience).finally(() => {
      waiting = null;
    });
    await waiting;
    return true;
  };
}

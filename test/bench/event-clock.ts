import type { Clock } from '#shared/http/clock.ts';

/** A clock that goes on to the next sleeper's time when nobody has anything else to do. */
export type EventClock = Clock & { sleepUntil: (instant: number) => Promise<void> };

/** Turns of Node's event loop without a sleeper waking, after which everybody is taken to be asleep. */
const idleTurns = 4;

/**
 * Requests in flight together overlap in its time as in ours, where a clock that a sleeper moves by itself would make
 * them wait for one another. Nothing may go on outside of this process's event loop; chance is always one half.
 */
export function eventClock(start: number): EventClock {
  let now = start;
  let running = false;
  const sleepers: { at: number; wake: () => void }[] = [];

  const run = (): void => {
    let turns = 0;
    const turn = (): void => {
      if (++turns < idleTurns) {
        setImmediate(turn);
        return;
      }
      const next = sleepers.reduce((first, each) => (each.at < first.at ? each : first));
      sleepers.splice(sleepers.indexOf(next), 1);
      now = Math.max(now, next.at);
      next.wake();
      turns = 0;
      if (sleepers.length > 0) setImmediate(turn);
      else running = false;
    };
    running = true;
    setImmediate(turn);
  };

  const sleepUntil = (at: number): Promise<void> =>
    new Promise((wake) => {
      sleepers.push({ at, wake });
      if (!running) run();
    });
  return { now: () => now, random: () => 0.5, sleep: (ms) => sleepUntil(now + ms), sleepUntil };
}

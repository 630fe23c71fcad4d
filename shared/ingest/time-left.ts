/** Shortest time left in which another page is begun. */
const leastPageMs = 5_000;

export type TimeLeft = { enough: () => boolean; measure: <T>(page: () => Promise<T>) => Promise<T> };

/** Whether another page can be read before the deadline, by the slowest so far. */
export function timeLeft({ now, deadline }: { now: () => number; deadline: number }): TimeLeft {
  let slowest = leastPageMs;
  return {
    enough: () => deadline - now() > slowest * 1.5,
    measure: async (page) => {
      const begun = now();
      const result = await page();
      slowest = Math.max(slowest, now() - begun);
      return result;
    },
  };
}

/** What a page is taken to need: the first one, of which nothing is known, and the least that any does. */
const firstPageMs = 5_000;
const leastPageMs = 1_000;

export type TimeLeft = {
  /** our clock at which the run must have ended by itself (milliseconds since 1970) */
  deadline: number;
  enough: () => boolean;
  measure: <T>(page: () => Promise<T>) => Promise<T>;
  /** so much of the page that is measured was waiting for the budget, which says nothing of the next */
  waited: (ms: number) => void;
};

/** Whether another page can be read before the deadline, by the slowest so far. */
export function timeLeft({ now, deadline }: { now: () => number; deadline: number }): TimeLeft {
  let slowest: number | null = null;
  let waitedMs = 0;
  return {
    deadline,
    enough: () => deadline - now() > (slowest ?? firstPageMs) * 1.5,
    waited: (ms) => {
      waitedMs += ms;
    },
    measure: async (page) => {
      const begun = now();
      waitedMs = 0;
      const result = await page();
      slowest = Math.max(slowest ?? leastPageMs, now() - begun - waitedMs);
      return result;
    },
  };
}

import type { LocalFunction } from './function-pool.ts';

/** How long the same failure of the same function is not told again (milliseconds). */
const quietMs = 30_000;

/** Tells of failed invocations, each kind of failure once in a while. The message stays in the log: it may hold anything. */
export function failureTeller(
  say: (line: string) => void,
  now: () => number,
): (target: LocalFunction, errorType: string) => void {
  const told = new Map<string, number>();
  return (target, errorType) => {
    const key = `${target.definition.name} ${errorType}`;
    const last = told.get(key);
    if (last !== undefined && now() - last < quietMs) return;
    told.set(key, now());
    say(`${target.definition.name} failed: ${errorType} (see functions.log)`);
  };
}

import { AsyncLocalStorage } from 'node:async_hooks';

/** Where a run stops for ever: before its n-th call takes effect, or after the effect and before its answer. */
export type Stop = { call: number; when: 'before' | 'after' };

export type Gate = {
  /** the calls made so far, by name */
  calls: string[];
  /** numbers of those that began while another was under way, from 1 on */
  beside: ReadonlySet<number>;
  /** settles when the run has stopped at its place */
  stopped: Promise<void>;
  pass: <T>(name: string, effect: () => Promise<T>) => Promise<T>;
};

type Listening = Pick<Gate, 'pass'> & { heard: (name: string) => Promise<boolean> };

/** The gate of the run in whose course the code stands: clients and network are shared, gates are not. */
const current = new AsyncLocalStorage<Listening>();

export const runThrough = <T>(gate: Gate, run: () => Promise<T>): Promise<T> => current.run(listening(gate), run);

/** Whether this run has the answer to a call of that name; false as soon as one of its calls was refused. */
export const heard = (name: string): Promise<boolean> => current.getStore()?.heard(name) ?? Promise.resolve(false);

function listening(gate: Gate): Listening {
  const waits = new Map<string, PromiseWithResolvers<boolean>>();
  return {
    pass: async (name, effect) => {
      try {
        const answer = await gate.pass(name, effect);
        waits.get(name)?.resolve(true);
        return answer;
      } catch (error) {
        for (const { resolve } of waits.values()) resolve(false);
        throw error;
      }
    },
    heard: (name) => {
      const wait = waits.get(name) ?? Promise.withResolvers<boolean>();
      waits.set(name, wait);
      return wait.promise;
    },
  };
}

/** Every call to the store, the bus and the network comes through here. Outside of a run it is free. */
export const passGate = <T>(name: string, effect: () => Promise<T>): Promise<T> =>
  current.getStore()?.pass(name, effect) ?? effect();

/** One for each waiter: a single one would keep the memory of every dead run. */
const never = (): Promise<never> => new Promise(() => {});

/**
 * A gate that lets calls through up to its stop. A stop is a promise that never settles: no code of the run is executed
 * afterwards, so no `finally` tidies up, and what was under way beside it never comes back either.
 */
export function openGate(stop: Stop | null): Gate {
  const calls: string[] = [];
  const beside = new Set<number>();
  const { promise: stopped, resolve } = Promise.withResolvers<void>();
  let dead = false;
  let underWay = 0;
  const die = (): Promise<never> => {
    dead = true;
    resolve();
    return never();
  };
  return {
    ...{ calls, beside, stopped },
    pass: async (name, effect) => {
      if (dead) return never();
      calls.push(name);
      if (underWay > 0) beside.add(calls.length);
      underWay += 1;
      const here = stop !== null && calls.length === stop.call;
      if (here && stop.when === 'before') return die();
      const answer = await effect().finally(() => {
        underWay -= 1;
      });
      if (here) return die();
      return dead ? never() : answer;
    },
  };
}

/** A gate that holds its run at one call until `release`, as a paused virtual machine does. */
export function openPausingGate(stop: Stop): Gate & { paused: Promise<void>; release: () => void } {
  const calls: string[] = [];
  const paused = Promise.withResolvers<void>();
  const released = Promise.withResolvers<void>();
  let held = false;
  const pause = async (): Promise<void> => {
    held = true;
    paused.resolve();
    await released.promise;
  };
  return {
    calls,
    beside: new Set(),
    stopped: never(),
    paused: paused.promise,
    release: released.resolve,
    pass: async (name, effect) => {
      // The whole machine stands still, not one call of it.
      if (held) await released.promise;
      calls.push(name);
      const here = calls.length === stop.call;
      if (here && stop.when === 'before') await pause();
      const answer = await effect();
      if (here && stop.when === 'after') await pause();
      else if (held) await released.promise;
      return answer;
    },
  };
}

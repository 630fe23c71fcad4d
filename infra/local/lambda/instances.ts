import type { Sandbox } from './sandbox.ts';

/** The instances of one function: as many as there are invocations at one time, up to a limit. */
export type Instances = {
  /** an instance that is free, now or as soon as one is given back */
  take: () => Promise<Sandbox> | Sandbox;
  giveBack: (sandbox: Sandbox) => void;
  /** starts the first one ahead of its first use */
  warm: () => void;
  stop: () => Promise<void>;
};

export function openInstances(limit: number, start: () => Sandbox): Instances {
  const all = new Set<Sandbox>();
  const idle: Sandbox[] = [];
  const waiting: ((sandbox: Sandbox) => void)[] = [];

  function startOne(): Sandbox {
    const sandbox = start();
    all.add(sandbox);
    return sandbox;
  }

  return {
    take: () => {
      for (let sandbox = idle.pop(); sandbox; sandbox = idle.pop()) {
        if (sandbox.alive()) return sandbox;
        all.delete(sandbox);
      }
      return all.size < limit ? startOne() : new Promise((resolve) => waiting.push(resolve));
    },
    giveBack: (sandbox) => {
      const next = waiting.shift();
      if (!sandbox.alive()) {
        all.delete(sandbox);
        next?.(startOne());
      } else if (next) next(sandbox);
      else idle.push(sandbox);
    },
    warm: () => {
      if (all.size === 0 && limit > 0) idle.push(startOne());
    },
    stop: async () => {
      await Promise.all([...all].map((sandbox) => sandbox.stop()));
    },
  };
}

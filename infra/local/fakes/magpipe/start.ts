import type { FaultPlan } from '../faults/fault.ts';
import type { FakeProvider, RequestLog } from '../provider.ts';
import { fakeProvider } from '../provider.ts';
import { serveFake } from '../serve.ts';
import { answerMagpipe } from './answer.ts';
import type { RateLimit } from './rate-limit.ts';
import { documentedLimit, hourLimit } from './rate-limit.ts';
import type { MagpipeSettings } from './settings.ts';
import { magpipeDefaults } from './settings.ts';
import type { MagpipeWorld } from './world.ts';

export type FakeMagpipeOptions = {
  /** fixed, or growing with the clock */
  readonly world: MagpipeWorld | ((nowMs: number) => MagpipeWorld);
  readonly now: () => number;
  readonly faults?: FaultPlan;
  readonly settings?: Partial<MagpipeSettings>;
  /** 100 a minute and 1,000 an hour at the real one */
  readonly rateLimit?: Partial<RateLimit>;
};

/** A fake Magpipe without a socket: limits, faults and log included. */
export function fakeMagpipe(options: FakeMagpipeOptions): FakeProvider {
  const { world, now, faults = [], rateLimit = {} } = options;
  const settings = { ...magpipeDefaults, ...options.settings };
  return fakeProvider({
    now,
    faults,
    meter: hourLimit({ ...documentedLimit, ...rateLimit }),
    answer: (request, nowMs) =>
      answerMagpipe(typeof world === 'function' ? world(nowMs) : world, request, nowMs, settings),
  });
}

/** The same on a port, recordings on the same host. `baseUrl` ends in `/functions/v1`. */
export async function startFakeMagpipe(
  options: FakeMagpipeOptions,
): Promise<{ baseUrl: string; requests: RequestLog; close(): Promise<void> }> {
  const provider = fakeMagpipe(options);
  const { origin, close } = await serveFake(provider);
  return { baseUrl: `${origin}/functions/v1`, requests: provider.requests, close };
}

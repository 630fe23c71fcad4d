import type { FaultPlan } from '../faults/fault.ts';
import type { FakeProvider, RequestLog } from '../provider.ts';
import { fakeProvider } from '../provider.ts';
import { serveFake } from '../serve.ts';
import { answerVonage } from './answer.ts';
import type { RateLimit } from './rate-limit.ts';
import { minuteLimit } from './rate-limit.ts';
import type { VonageSettings } from './settings.ts';
import { vonageDefaults } from './settings.ts';
import { tokenPath } from './token-endpoint.ts';
import type { VonageWorld } from './world.ts';

export type FakeVonageOptions = {
  /** fixed, or growing with the clock */
  readonly world: VonageWorld | ((nowMs: number) => VonageWorld);
  readonly now: () => number;
  readonly faults?: FaultPlan;
  readonly settings?: Partial<VonageSettings>;
  /** none by default, as no number is documented */
  readonly rateLimit?: RateLimit;
};

/** A fake Vonage without a socket: both APIs, rate limit, faults and log included. */
export function fakeVonage(options: FakeVonageOptions): FakeProvider {
  const { world, now, faults = [], rateLimit } = options;
  const settings = { ...vonageDefaults, ...options.settings };
  return fakeProvider({
    now,
    faults,
    meter: minuteLimit(rateLimit),
    answer: (request, nowMs) =>
      answerVonage(typeof world === 'function' ? world(nowMs) : world, request, nowMs, settings),
  });
}

/** The same on a port. `baseUrl` is the host, with both APIs and the media files under it. */
export async function startFakeVonage(
  options: FakeVonageOptions,
): Promise<{ baseUrl: string; tokenUrl: string; requests: RequestLog; close(): Promise<void> }> {
  const provider = fakeVonage(options);
  const { origin, close } = await serveFake(provider);
  return { baseUrl: origin, tokenUrl: `${origin}${tokenPath}`, requests: provider.requests, close };
}

import type { FaultPlan } from '../faults/fault.ts';
import type { FakeProvider, RequestLog } from '../provider.ts';
import { fakeProvider } from '../provider.ts';
import { serveFake } from '../serve.ts';
import { answerSalesloft } from './answer.ts';
import { minuteBudget } from './budget.ts';
import type { SalesloftSettings } from './settings.ts';
import { salesloftDefaults } from './settings.ts';
import type { SalesloftWorld } from './world.ts';

export type FakeSalesloftOptions = {
  /** fixed, or growing with the clock */
  readonly world: SalesloftWorld | ((nowMs: number) => SalesloftWorld);
  readonly now: () => number;
  readonly faults?: FaultPlan;
  readonly settings?: Partial<SalesloftSettings>;
  /** points; 600 at the real one */
  readonly budgetPerMinute?: number;
};

/** A fake Salesloft without a socket: budget, faults and log included. */
export function fakeSalesloft(options: FakeSalesloftOptions): FakeProvider {
  const { world, now, faults = [], budgetPerMinute = 600 } = options;
  const settings = { ...salesloftDefaults, ...options.settings };
  return fakeProvider({
    now,
    faults,
    meter: minuteBudget(budgetPerMinute),
    answer: (request, nowMs) =>
      answerSalesloft(typeof world === 'function' ? world(nowMs) : world, request, nowMs, settings),
  });
}

/** The same on a port. `baseUrl` ends in `/v2`. */
export async function startFakeSalesloft(
  options: FakeSalesloftOptions,
): Promise<{ baseUrl: string; tokenUrl: string; requests: RequestLog; close(): Promise<void> }> {
  const provider = fakeSalesloft(options);
  const { origin, close } = await serveFake(provider);
  return { baseUrl: `${origin}/v2`, tokenUrl: `${origin}/oauth/token`, requests: provider.requests, close };
}

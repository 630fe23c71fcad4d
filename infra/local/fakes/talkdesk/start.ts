import type { FaultPlan } from '../faults/fault.ts';
import type { FakeProvider, RequestLog } from '../provider.ts';
import { fakeProvider } from '../provider.ts';
import { serveFake } from '../serve.ts';
import { answerTalkdesk } from './answer.ts';
import type { RateLimit } from './rate-limit.ts';
import { secondLimit } from './rate-limit.ts';
import type { TalkdeskSettings } from './settings.ts';
import { talkdeskDefaults } from './settings.ts';
import type { TalkdeskWorld } from './world.ts';

export type FakeTalkdeskOptions = {
  /** fixed, or growing with the clock */
  readonly world: TalkdeskWorld | ((nowMs: number) => TalkdeskWorld);
  readonly now: () => number;
  readonly faults?: FaultPlan;
  readonly settings?: Partial<TalkdeskSettings>;
  /** none is documented, so none by default */
  readonly rateLimit?: RateLimit;
};

/** A fake Talkdesk without a socket: rate limit, faults and log included. */
export function fakeTalkdesk(options: FakeTalkdeskOptions): FakeProvider {
  const { world, now, faults = [], rateLimit } = options;
  const settings = { ...talkdeskDefaults, ...options.settings };
  return fakeProvider({
    now,
    faults,
    meter: secondLimit(rateLimit),
    answer: (request, nowMs) =>
      answerTalkdesk(typeof world === 'function' ? world(nowMs) : world, request, nowMs, settings),
  });
}

/** The same on a port: token endpoint, API and media files on one host. */
export async function startFakeTalkdesk(
  options: FakeTalkdeskOptions,
): Promise<{ baseUrl: string; tokenUrl: string; requests: RequestLog; close(): Promise<void> }> {
  const provider = fakeTalkdesk(options);
  const { origin, close } = await serveFake(provider);
  return { baseUrl: origin, tokenUrl: `${origin}/oauth/token`, requests: provider.requests, close };
}

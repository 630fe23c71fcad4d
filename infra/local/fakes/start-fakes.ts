import { readFile, writeFile } from 'node:fs/promises';
import type { Json } from './faults/edit-json.ts';
import { when } from './faults/fault.ts';
import { hiddenAtFirst } from './faults/talkdesk-pages.ts';
import { demoGrowth } from './invent/timeline.ts';
import { growingMagpipeWorld } from './magpipe/invent.ts';
import { startPushing } from './magpipe/push.ts';
import { magpipeDefaults } from './magpipe/settings.ts';
import { startFakeMagpipe } from './magpipe/start.ts';
import { growingSalesloftWorld } from './salesloft/invent.ts';
import { salesloftDefaults } from './salesloft/settings.ts';
import { startFakeSalesloft } from './salesloft/start.ts';
import { growingTalkdeskWorld } from './talkdesk/invent.ts';
import { talkdeskDefaults } from './talkdesk/settings.ts';
import { startFakeTalkdesk } from './talkdesk/start.ts';
import { growingVonageWorld } from './vonage/invent.ts';
import { vonageDefaults } from './vonage/settings.ts';
import { startFakeVonage } from './vonage/start.ts';

const timing = { every: '5s', backfill: '7d', recheck: ['20s', '40s', '60s', '120s'] };

/** A client as the fakes know it: settings hold more than credentials. */
const clientOf = ({ clientId, clientSecret }: { clientId: string; clientSecret: string }) => ({
  clientId,
  clientSecret,
});

const voiceAgent = 'voice-agent';

/** What the fake Magpipe signs its webhooks with: invented, good for nothing but a demo. */
const hookSecret = 'demo-webhook-secret';

const dayMs = 86_400_000;

/**
 * Some calls that are older than a day, which Talkdesk does not list when history is first read: what the ledger is for. The
 * reading behind the backfill tells of them (`window.gap`), fetches them, and tells that nothing is missing any more.
 */
const isForgotten =
  (sinceMs: number) =>
  (interaction: Json): boolean =>
    Date.parse(String(interaction['started_at'])) < sinceMs - dayMs && /^[0-3]/.test(String(interaction['id']));

export type FakesOptions = {
  now?: () => number;
  /** keeps when the growing began, so that a restart on the same data meets the same past */
  sinceFile?: string;
  /** the machine's address, to which Magpipe pushes; nowhere where absent */
  address?: string;
};

/** All fake providers for a demo, with worlds that keep growing, and the connections that read them. */
export async function startFakes(options: FakesOptions = {}) {
  const now = options.now ?? Date.now;
  const sinceMs = await sinceOf(options.sinceFile, now());
  const magpipeWorld = growingMagpipeWorld(demoGrowth('demo voice agent', sinceMs));
  const [salesloft, talkdesk, vonage, magpipe] = await Promise.all([
    startFakeSalesloft({ world: growingSalesloftWorld(demoGrowth('demo sales', sinceMs)), now }),
    startFakeTalkdesk({
      world: growingTalkdeskWorld(demoGrowth('demo support', sinceMs)),
      now,
      faults: [{ match: when({ path: '/conversations/interactions' }), fault: hiddenAtFirst(isForgotten(sinceMs)) }],
      settings: { filesHost: 'localhost' },
    }),
    startFakeVonage({ world: growingVonageWorld(demoGrowth('demo contact centre', sinceMs)), now }),
    startFakeMagpipe({ world: magpipeWorld, now }),
  ]);
  const running: { close: () => Promise<void> }[] = [salesloft, talkdesk, vonage, magpipe];
  if (options.address !== undefined) {
    const address = `${options.address}/webhooks/${voiceAgent}`;
    running.push(startPushing({ world: magpipeWorld, now, address, secret: hookSecret }));
  }
  return {
    connections: {
      connections: [
        {
          id: 'sales-calls',
          provider: 'salesloft' as const,
          baseUrl: salesloft.baseUrl,
          tokenUrl: salesloft.tokenUrl,
          credentials: clientOf(salesloftDefaults),
          ...timing,
        },
        {
          id: 'support-line',
          provider: 'talkdesk' as const,
          baseUrl: talkdesk.baseUrl,
          tokenUrl: talkdesk.tokenUrl,
          credentials: clientOf(talkdeskDefaults),
          mediaHosts: [new URL(talkdesk.baseUrl).host.replace('127.0.0.1', 'localhost')],
          ...timing,
        },
        {
          id: 'contact-centre',
          provider: 'vonage' as const,
          baseUrl: vonage.baseUrl,
          tokenUrl: vonage.tokenUrl,
          credentials: clientOf(vonageDefaults),
          ...timing,
        },
        {
          id: voiceAgent,
          provider: 'magpipe' as const,
          baseUrl: magpipe.baseUrl,
          credentials: { token: magpipeDefaults.apiToken },
          ...timing,
          // A list costs one of 1,000 requests an hour.
          every: '15s',
          webhook: { secrets: [hookSecret] },
        },
      ],
    },
    /** what each of them was asked */
    requests: {
      salesloft: salesloft.requests,
      talkdesk: talkdesk.requests,
      vonage: vonage.requests,
      magpipe: magpipe.requests,
    },
    close: async (): Promise<void> => {
      await Promise.all(running.map((fake) => fake.close()));
    },
  };
}

async function sinceOf(file: string | undefined, nowMs: number): Promise<number> {
  if (file === undefined) return nowMs;
  const kept = await readFile(file, 'utf8').catch(() => '');
  if (/^\d+$/.test(kept)) return Number(kept);
  await writeFile(file, String(nowMs));
  return nowMs;
}

import { readFile, writeFile } from 'node:fs/promises';
import { demoGrowth } from './invent/timeline.ts';
import { growingSalesloftWorld } from './salesloft/invent.ts';
import { salesloftDefaults } from './salesloft/settings.ts';
import { startFakeSalesloft } from './salesloft/start.ts';
import { growingTalkdeskWorld } from './talkdesk/invent.ts';
import { talkdeskDefaults } from './talkdesk/settings.ts';
import { startFakeTalkdesk } from './talkdesk/start.ts';

const timing = { every: '5s', backfill: '7d', recheck: ['20s', '40s', '60s', '120s'] };

/**
 * Both fake providers for a demo, with worlds that keep growing, and the connections that read them. `sinceFile` keeps
 * when the growing began, so that a restart on the same data meets the same past; without it each start has its own.
 */
export async function startFakes(options: { now?: () => number; sinceFile?: string } = {}) {
  const now = options.now ?? Date.now;
  const sinceMs = await sinceOf(options.sinceFile, now());
  const salesloft = await startFakeSalesloft({ world: growingSalesloftWorld(demoGrowth('demo sales', sinceMs)), now });
  const talkdesk = await startFakeTalkdesk({ world: growingTalkdeskWorld(demoGrowth('demo support', sinceMs)), now });
  return {
    connections: {
      connections: [
        {
          id: 'sales-calls',
          provider: 'salesloft' as const,
          baseUrl: salesloft.baseUrl,
          tokenUrl: salesloft.tokenUrl,
          credentials: { clientId: salesloftDefaults.clientId, clientSecret: salesloftDefaults.clientSecret },
          ...timing,
        },
        {
          id: 'support-line',
          provider: 'talkdesk' as const,
          baseUrl: talkdesk.baseUrl,
          tokenUrl: talkdesk.tokenUrl,
          credentials: { clientId: talkdeskDefaults.clientId, clientSecret: talkdeskDefaults.clientSecret },
          ...timing,
        },
      ],
    },
    requests: { salesloft: salesloft.requests, talkdesk: talkdesk.requests },
    close: async (): Promise<void> => {
      await Promise.all([salesloft.close(), talkdesk.close()]);
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

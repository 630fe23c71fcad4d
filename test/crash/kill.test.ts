import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { seededRandom } from '#infra/local/fakes/random.ts';
import { inventSalesloftWorld } from '#infra/local/fakes/salesloft/invent.ts';
import { salesloftDefaults } from '#infra/local/fakes/salesloft/settings.ts';
import { startFakeSalesloft } from '#infra/local/fakes/salesloft/start.ts';
import { inventTalkdeskWorld } from '#infra/local/fakes/talkdesk/invent.ts';
import { talkdeskDefaults } from '#infra/local/fakes/talkdesk/settings.ts';
import { startFakeTalkdesk } from '#infra/local/fakes/talkdesk/start.ts';

/** The one-machine process killed for real. `npm test` kills it 30 times, `npm run crash` 100 times. */
const kills = process.env['EARSHOT_CRASH_ALL_PAIRS'] ? 100 : 30;
const perProvider = 60;
const token = 'kill-test';
const root = join(import.meta.dirname, '../..');

type Media = { key: string; bytes: number; sha512: string; href: string };
type Seen = { id: string; version: number; media: Media[] };
type CloudEvent = { id: string; type: string; subject: string; data: { version: number } };

let folder: string;
let connectionsFile: string;
const closing: (() => Promise<void>)[] = [];

beforeAll(async () => {
  // A space in the name, as people have.
  folder = await mkdtemp(join(tmpdir(), 'earshot kill '));
  const now = Date.now();
  const shape = { lateShare: 0.3, lateSeconds: { min: 5, max: 60 }, neverShare: 0, turns: { min: 2, max: 6 } };
  // Most of it lies in the past, the rest becomes visible while the killing goes on.
  const [from, to] = [now - 3 * 86_400_000, now + kills * 2_000];
  const salesloft = await startFakeSalesloft({
    world: inventSalesloftWorld('kill', from, now, perProvider, shape),
    now: Date.now,
    budgetPerMinute: 1_000_000,
  });
  const talkdesk = await startFakeTalkdesk({
    world: inventTalkdeskWorld('kill', from, to - 600_000, perProvider, shape),
    now: Date.now,
    settings: { pageSize: 7 },
  });
  closing.push(salesloft.close, talkdesk.close);
  const common = {
    every: '1s',
    backfill: '4d',
    lookback: '10m',
    recheck: ['2s', '5s'],
    rateLimit: { perMinute: 1_000_000 },
  };
  const clientOf = ({ clientId, clientSecret }: { clientId: string; clientSecret: string }) => ({
    clientId,
    clientSecret,
  });
  connectionsFile = join(folder, 'connections.json');
  const connections = [
    {
      id: 'sales',
      provider: 'salesloft',
      baseUrl: salesloft.baseUrl,
      tokenUrl: salesloft.tokenUrl,
      credentials: clientOf(salesloftDefaults),
      ...common,
    },
    {
      id: 'support',
      provider: 'talkdesk',
      baseUrl: talkdesk.baseUrl,
      tokenUrl: talkdesk.tokenUrl,
      credentials: clientOf(talkdeskDefaults),
      // Files of one provider are enough: two threads less to start, thirty times.
      media: false,
      ...common,
    },
  ];
  await writeFile(connectionsFile, JSON.stringify({ connections }));
});
afterAll(async () => {
  await Promise.all(closing.map((close) => close()));
  await rm(folder, { recursive: true, force: true });
});

type Running = { child: ChildProcess; address: Promise<string>; exited: Promise<unknown> };

function start(): Running {
  const events = join(folder, 'events.jsonl');
  const args = [
    'infra/local/start.mjs',
    '--connections',
    connectionsFile,
    '--data',
    join(folder, 'data'),
    '--events',
    events,
    '--port',
    '0',
    '--token',
    token,
  ];
  const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
  if (!child.stdout) throw new Error('no output');
  const { promise: address, resolve } = Promise.withResolvers<string>();
  createInterface(child.stdout).on('line', (line) => {
    const ready = /^Earshot is listening on (\S+)$/.exec(line);
    if (ready?.[1]) resolve(ready[1]);
  });
  return { child, address, exited: once(child, 'exit') };
}

async function listed(address: string): Promise<Seen[]> {
  const found: Seen[] = [];
  let cursor: string | null = null;
  do {
    const url = `${address}/v1/conversations?limit=100${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`;
    const answer = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
    if (answer.status !== 200) throw new Error(`the list answered ${answer.status}`);
    const page = (await answer.json()) as { conversations: Seen[]; nextCursor: string | null };
    found.push(...page.conversations);
    cursor = page.nextCursor;
  } while (cursor !== null);
  return found;
}

/** Files whose bytes are not those that their record promises. */
async function spoiledFiles(address: string, stored: readonly Seen[]): Promise<string[]> {
  const spoiled: string[] = [];
  for (const { bytes, sha512, href } of stored.flatMap(({ media }) => media)) {
    const answer = await fetch(`${address}${href}`, { headers: { authorization: `Bearer ${token}` } });
    const body = Buffer.from(await answer.arrayBuffer());
    if (body.length !== bytes || createHash('sha512').update(body).digest('hex') !== sha512) spoiled.push(href);
  }
  return spoiled;
}

const eventsOnDisk = (): CloudEvent[] => {
  const path = join(folder, 'events.jsonl');
  return existsSync(path)
    ? readFileSync(path, 'utf8')
        .trimEnd()
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line))
    : [];
};

/** The ledger's are of hours. */
const eventsOfConversations = (): CloudEvent[] => eventsOnDisk().filter(({ id }) => !id.includes('/earshot.window.'));

/** So many events come after a start, at most, before the kill: few enough that each start finds something to do. */
const mostEvents = 16;

/** Waits until so many more events were written, or for so long (milliseconds): there may be nothing left to do. */
async function untilMoved(events: number, mostMs: number): Promise<void> {
  const before = eventsOfConversations().length;
  const end = performance.now() + mostMs;
  while (performance.now() < end && eventsOfConversations().length < before + events) await wait(20);
}

it(`loses nothing it acknowledged and doubles nothing when it is killed ${kills} times`, {
  timeout: 60_000 + kills * 15_000,
}, async () => {
  const random = seededRandom('kills');
  /** what a reader was shown: the highest version of each conversation */
  const shown = new Map<string, number>();
  for (let kill = 0; kill < kills; kill++) {
    const { child, address, exited } = start();
    // By turns: while it starts, when it has just begun, and while something moves.
    if (kill % 3 === 0) await wait(random() * 1_200);
    else {
      const url = await Promise.race([address, exited.then(() => Promise.reject(new Error('it stopped by itself')))]);
      if (kill % 3 === 1) await wait(random() * 1_000);
      else {
        await untilMoved(1 + Math.floor(random() * mostEvents), shown.size === 0 ? 30_000 : 6_000);
        for (const { id, version } of await listed(url)) shown.set(id, Math.max(version, shown.get(id) ?? 0));
        await wait(random() * 200);
      }
    }
    child.kill('SIGKILL');
    await exited;
  }

  // Else it was always killed before it had begun.
  expect(shown.size).toBeGreaterThan(0);

  const { child, address, exited } = start();
  const url = await address;
  let stored: Seen[] = [];
  for (let quiet = 0, last = ''; quiet < 6; ) {
    await wait(1_000);
    stored = await listed(url);
    const state = JSON.stringify([stored.map(({ id, version }) => [id, version]).sort(), eventsOnDisk().length]);
    quiet = stored.length >= 2 * perProvider && state === last ? quiet + 1 : 0;
    last = state;
  }
  expect(stored.flatMap(({ media }) => media).length).toBeGreaterThan(perProvider);
  expect(await spoiledFiles(url, stored)).toEqual([]);
  child.kill('SIGTERM');
  expect(await exited).toEqual([0, null]);

  const versions = new Map(stored.map(({ id, version }) => [id, version]));
  expect(stored).toHaveLength(versions.size);
  expect(versions.size).toBe(2 * perProvider);
  for (const [id, version] of shown) expect(versions.get(id) ?? 0, id).toBeGreaterThanOrEqual(version);

  const events = eventsOnDisk();
  const ids = new Set(events.map(({ id }) => id));
  for (const { id, media } of stored) {
    const copies = [...ids].filter((each) => each.startsWith(`${id}/`) && each.includes('/earshot.media.stored.v1/'));
    expect(copies.length, id).toBeGreaterThanOrEqual(media.length);
  }
  for (const { subject, data } of eventsOfConversations())
    expect(versions.get(subject) ?? 0, subject).toBeGreaterThanOrEqual(data.version);
  for (const [id, version] of versions) {
    expect(ids, id).toContain(`${id}/1/earshot.conversation.discovered.v1`);
    for (let later = 2; later <= version; later++)
      expect(ids, id).toContain(`${id}/${later}/earshot.conversation.updated.v1`);
    expect([...ids].filter((each) => each.startsWith(`${id}/`) && each.includes('discovered'))).toHaveLength(1);
  }
});

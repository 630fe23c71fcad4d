import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { Agent, request } from 'undici';
import { magpipeDefaults } from '#infra/local/fakes/magpipe/settings.ts';
import { startChild } from './children.ts';
import { type Hook, hookSecret, quickLimit } from './hook-world.ts';

/** The one machine, in a process of its own as `npm start` runs it, and its provider in another. */
export type HookMachine = {
  /** sends a delivery; gives the status of the answer */
  send: (hook: Hook) => Promise<number>;
  /** makes a call visible at the provider */
  show: (id: string) => Promise<void>;
  /** `performance.now()` of the moment when the event that a call was discovered is out; throws after 30 s */
  discovered: (id: string) => Promise<number>;
  /** conversations discovered so far */
  discoveredCount: () => number;
  stop: () => Promise<void>;
};

export type HookMachineOptions = {
  /** calls of the last month that are at the provider when it starts */
  history: number;
  now: number;
  every: string;
  backfill: string;
};

const root = resolve(import.meta.dirname, '../..');
const patienceMs = 30_000;

export async function startHookMachine({ history, now, every, backfill }: HookMachineOptions): Promise<HookMachine> {
  const folder = await mkdtemp(join(tmpdir(), 'earshot-bench-'));
  const provider = await startChild('./hook-provider-process.ts', String(history), String(now));
  const connection = {
    ...{ id: 'calls', provider: 'magpipe', baseUrl: `${provider.url}/functions/v1`, every, backfill, media: false },
    credentials: { token: magpipeDefaults.apiToken },
    rateLimit: quickLimit,
    webhook: { secrets: [hookSecret] },
  };
  const connections = join(folder, 'own.json');
  await writeFile(connections, JSON.stringify({ connections: [connection] }));
  const events = join(folder, 'events.jsonl');
  const args = ['--connections', connections, '--port', '0', '--data', join(folder, 'data'), '--events', events];
  const { address, stop } = await startEarshot([...args, '--token', 'bench']);
  const agent = new Agent({ connections: 50 });
  const post = async (url: string, { body, headers }: Hook): Promise<number> => {
    const answer = await request(url, { method: 'POST', headers, body, dispatcher: agent });
    await answer.body.dump();
    return answer.statusCode;
  };
  const seen = watchDiscovered(events);
  return {
    send: (hook) => post(`${address}/webhooks/calls`, hook),
    show: async (id) => void (await post(`${provider.url}/show/${id}`, { body: '', headers: {} })),
    discovered: async (id) => {
      for (const end = performance.now() + patienceMs; performance.now() < end; await wait(2)) {
        const at = seen.at(`calls:${id}`);
        if (at !== undefined) return at;
      }
      throw new Error('no event came');
    },
    discoveredCount: seen.count,
    stop: async () => {
      seen.stop();
      await stop();
      provider.stop();
      await agent.close();
      await rm(folder, { recursive: true });
    },
  };
}

/** `npm start` with these arguments, until it is ready. */
async function startEarshot(args: readonly string[]): Promise<{ address: string; stop: () => Promise<void> }> {
  const stdio: ['ignore', 'pipe', 'inherit'] = ['ignore', 'pipe', 'inherit'];
  const child = spawn(process.execPath, ['infra/local/start.mjs', ...args], { cwd: root, stdio });
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  const ended = once(child, 'exit');
  const address = await new Promise<string>((ready, refuse) => {
    createInterface(child.stdout).on('line', (line) => {
      const [, found] = /^Earshot is listening on (\S+)$/.exec(line) ?? [];
      if (found !== undefined) ready(found);
    });
    child.once('exit', (code) => refuse(new Error(`Earshot ended with ${code}`)));
  });
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    await ended;
    process.off('exit', kill);
  };
  return { address, stop };
}

const discoveredType = 'earshot.conversation.discovered.v1';

/** Reads the file of events on, every few milliseconds: when a conversation's discovery was seen in it. */
function watchDiscovered(path: string) {
  const times = new Map<string, number>();
  const file = openSync(path, 'r');
  const chunk = Buffer.alloc(1024 * 1024);
  let rest = '';
  const timer = setInterval(() => {
    const now = performance.now();
    for (let bytes = readSync(file, chunk); bytes > 0; bytes = readSync(file, chunk)) {
      const lines = (rest + chunk.toString('utf8', 0, bytes)).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        const { type, subject } = JSON.parse(line);
        if (type === discoveredType && !times.has(subject)) times.set(subject, now);
      }
    }
  }, 3);
  return {
    at: (subject: string) => times.get(subject),
    count: () => times.size,
    stop: () => {
      clearInterval(timer);
      closeSync(file);
    },
  };
}

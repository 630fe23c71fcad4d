import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { demoGrowth } from '#infra/local/fakes/invent/timeline.ts';
import { growingSalesloftWorld } from '#infra/local/fakes/salesloft/invent.ts';
import { salesloftDefaults } from '#infra/local/fakes/salesloft/settings.ts';
import { startFakeSalesloft } from '#infra/local/fakes/salesloft/start.ts';

const root = mkdtempSync(join(tmpdir(), 'earshot-main-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

type Process = ChildProcessByStdio<null, Readable, Readable>;
type Running = { process: Process; output: () => string; errors: () => string; ended: Promise<number | null> };

const running: Process[] = [];
afterEach(() => {
  for (const one of running.splice(0)) one.kill('SIGKILL');
});

const start = (...args: string[]): Running => run(process.execPath, ['infra/local/start.mjs', ...args]);

/** As a user starts it: a signal to npm must reach what npm started. */
const npmStart = (...args: string[]): Running => run('npm', ['start', '--', ...args]);

function run(command: string, args: string[]): Running {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  running.push(child);
  let [output, errors] = ['', ''];
  child.stdout.on('data', (chunk) => (output += String(chunk)));
  child.stderr.on('data', (chunk) => (errors += String(chunk)));
  return {
    process: child,
    output: () => output,
    errors: () => errors,
    ended: new Promise((done) => child.once('close', done)),
  };
}

/** The address of the ready line. */
async function ready(machine: Running): Promise<string> {
  await expect
    .poll(() => machine.output() + machine.errors(), { timeout: 55_000, interval: 50 })
    .toMatch(/^Earshot is listening on http:\/\/127\.0\.0\.1:\d+$/m);
  return /listening on (\S+)/.exec(machine.output())?.[1] ?? '';
}

async function stopped(machine: Running): Promise<{ code: number | null; seconds: number }> {
  const from = performance.now();
  machine.process.kill('SIGTERM');
  return { code: await machine.ended, seconds: (performance.now() - from) / 1000 };
}

const write = (name: string, value: unknown): string => {
  const path = join(root, name);
  writeFileSync(path, typeof value === 'string' ? value : JSON.stringify(value));
  return path;
};

describe('a start that is refused', () => {
  test('a bad connections file: exit code 1 and a line for each fault with its path', async () => {
    const file = write('bad.json', {
      connections: [{ id: 'A', provider: 'nobody', credentials: { token: 'hush-hush' } }],
      extra: 1,
    });
    const machine = start('--connections', file, '--port', '0');
    expect(await machine.ended).toBe(1);
    const lines = machine.errors().trim().split('\n');
    for (const path of ['connections[0].id: ', 'connections[0].provider: ', 'extra: ']) {
      expect(lines.filter((line) => line.startsWith(path))).toHaveLength(1);
    }
    expect(machine.output() + machine.errors()).not.toContain('hush-hush');
  });

  test('a file that is no JSON is not quoted; one that is not there is named', async () => {
    const broken = start('--connections', write('broken.json', '{"token": hush-hush'), '--port', '0');
    const missing = start('--connections', join(root, 'missing.json'));
    expect([await broken.ended, await missing.ended]).toEqual([1, 1]);
    expect(broken.errors()).toMatch(/^--connections: expected JSON in [^\n]*\n$/);
    expect(missing.errors()).toContain('missing.json');
  });

  test('a port that is in use', async () => {
    const other = createServer();
    await new Promise<void>((up) => other.listen(0, '127.0.0.1', up));
    const machine = start('--port', String((other.address() as AddressInfo).port));
    expect(await machine.ended).toBe(1);
    expect(machine.errors()).toMatch(/^--port: \d+ is in use; .*\n$/);
    other.close();
  });
});

describe('one machine with a provider of somebody else', () => {
  const data = join(root, 'data');
  const events = join(root, 'events.jsonl');
  const callbackToken = 'callback-token';
  let provider: Awaited<ReturnType<typeof startFakeSalesloft>>;
  let args: string[];

  beforeAll(async () => {
    const from = Date.now();
    provider = await startFakeSalesloft({
      world: growingSalesloftWorld(demoGrowth('one machine', from)),
      now: Date.now,
    });
    const { clientId, clientSecret } = salesloftDefaults;
    const connection = {
      id: 'calls',
      provider: 'salesloft',
      credentials: { clientId, clientSecret },
      every: '500ms',
      backfill: '7d',
    };
    const { baseUrl, tokenUrl } = provider;
    // Of the same account, but it lists once, and of that no more than a second: the rest only a webhook can tell of.
    const once = { every: '1h', backfill: '1s', lookback: '1s' };
    const hooked = { id: 'hooked', ...once, webhook: { secrets: [callbackToken] } };
    const file = write('good.json', {
      connections: [connection, { ...connection, ...hooked }].map((one) => ({ ...one, baseUrl, tokenUrl })),
    });
    args = ['--connections', file, '--port', '0', '--data', data, '--token', 'test-token', '--events', events];
  });
  afterAll(() => provider.close());

  const get = async (url: string): Promise<{ status: number; body: Record<string, unknown> }> => {
    const response = await fetch(url, { headers: { authorization: 'Bearer test-token' } });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  const listed = async (address: string, query = 'limit=100'): Promise<{ id: string }[]> =>
    ((await get(`${address}/v1/conversations?${query}`)).body['conversations'] ?? []) as { id: string }[];
  const published = (): { id: string; type: string; subject: string }[] =>
    existsSync(events)
      ? readFileSync(events, 'utf8')
          .trim()
          .split('\n')
          .filter(Boolean)
          .map((line) => JSON.parse(line))
      : [];

  /** The status that a webhook is answered with. */
  const deliver = async (
    address: string,
    connection: string,
    text: string,
    secret = callbackToken,
  ): Promise<number> => {
    const headers = {
      'content-type': 'application/json',
      'X-Salesloft-Event': 'conversation_created',
      'X-Salesloft-Signature': createHmac('sha1', secret).update(text).digest('hex'),
    };
    return (await fetch(`${address}/webhooks/${connection}`, { method: 'POST', headers, body: text })).status;
  };

  test('stores, publishes and shows what the provider has; stops cleanly; goes on with the same data', async () => {
    const first = npmStart(...args);
    const address = await ready(first);
    expect((await fetch(`${address}/v1/conversations`)).status).toBe(401);
    await expect.poll(async () => (await listed(address)).length, { timeout: 30_000 }).toBeGreaterThan(0);
    await expect.poll(() => published().length, { timeout: 30_000 }).toBeGreaterThan(0);
    const said = expect.poll(first.output, { timeout: 30_000 });
    await said.toMatch(/^\d\d:\d\d:\d\d {2}conversation\.discovered {2}\S* *calls {2}calls:\S+$/m);

    const listedOnce = async (): Promise<boolean> =>
      JSON.stringify((await get(`${address}/v1/connections/hooked`)).body['lastSuccessAt']) !== 'null';
    await expect.poll(listedOnce, { timeout: 30_000 }).toBe(true);
    const told = new Set((await listed(address, 'connection=hooked&limit=100')).map((one) => one.id));
    const known = (await listed(address, 'connection=calls&limit=100')).map((one) => one.id.replace('calls:', ''));
    const untold = known.find((one) => !told.has(`hooked:${one}`)) ?? '';
    const [id, delivery] = [`hooked:${untold}`, JSON.stringify({ id: untold })];
    expect(await deliver(address, 'calls', delivery)).toBe(404);
    expect(await deliver(address, 'hooked', delivery, 'another')).toBe(401);
    expect((await get(`${address}/v1/conversations/${id}`)).status).toBe(404);
    expect(await deliver(address, 'hooked', delivery)).toBe(202);
    await expect
      .poll(async () => (await get(`${address}/v1/conversations/${id}/history`)).body, { timeout: 30_000 })
      .toMatchObject({ versions: [{ version: 1, cause: 'webhook' }] });
    await expect.poll(() => published().some(({ subject }) => subject === id), { timeout: 30_000 }).toBe(true);

    const second = start(...args);
    expect(await second.ended).toBe(1);
    expect(second.errors()).toMatch(/^--data: \S+ is in use by another Earshot \(process \d+\)/);

    const seen = await listed(address);
    const end = await stopped(first);
    expect([end.code, end.seconds < 5]).toEqual([0, true]);

    // A kill of npm takes with it what it started; the next one finds the data free and whole.
    const killed = npmStart(...args);
    await ready(killed);
    killed.process.kill('SIGKILL');
    await killed.ended;

    const third = start(...args);
    const again = await ready(third);
    const ids = (await listed(again)).map(({ id }) => id);
    expect(ids).toEqual(expect.arrayContaining(seen.map(({ id }) => id)));
    await expect
      .poll(
        () =>
          seen.filter(
            ({ id }) => !published().some(({ type, subject }) => type.includes('discovered') && subject === id),
          ),
        { timeout: 30_000 },
      )
      .toEqual([]);
    expect((await stopped(third)).code).toBe(0);
    const discovered = published().filter(({ type }) => type === 'earshot.conversation.discovered.v1');
    for (const { id } of seen) {
      expect(new Set(discovered.filter(({ subject }) => subject === id).map((event) => event.id)).size).toBe(1);
    }
    for (const stack of ['ingestion', 'webhooks']) {
      const text = readFileSync(join(data, 'cdk.out', `earshot-${stack}.template.json`), 'utf8');
      for (const secret of [salesloftDefaults.clientSecret, callbackToken]) expect(text).not.toContain(secret);
    }
  }, 180_000);
});

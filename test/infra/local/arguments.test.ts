import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { readArguments } from '#infra/local/arguments.ts';
import { openDataFolder } from '#infra/local/data-folder.ts';
import { ConfigInvalid } from '#shared/domain/errors.ts';

const root = mkdtempSync(join(tmpdir(), 'earshot-arguments-'));
afterAll(() => rmSync(root, { recursive: true }));

const faultsOf = (run: () => unknown): readonly string[] => {
  try {
    run();
  } catch (error) {
    if (error instanceof ConfigInvalid) return error.faults;
    throw error;
  }
  return [];
};

describe('arguments', () => {
  test('nothing given: the demo on the usual port with a token made up', () => {
    const given = readArguments([], {});
    expect(given).toMatchObject({ connections: null, port: 8787, data: null, events: null, token: { made: true } });
    expect(given.token.value).toHaveLength(32);
    expect(readArguments([], {}).token.value).not.toBe(given.token.value);
  });

  test('everything given; files are meant from where npm was called', () => {
    const argv = ['--connections', 'c.json', '--port=0', '--data', '/data', '--token', 'abc', '--events', 'e.jsonl'];
    expect(readArguments(argv, { INIT_CWD: '/home/ada', EARSHOT_TOKEN: 'other' })).toEqual({
      connections: '/home/ada/c.json',
      port: 0,
      data: '/data',
      token: { value: 'abc', made: false },
      events: '/home/ada/e.jsonl',
    });
  });

  test('the token of the environment', () => {
    expect(readArguments([], { EARSHOT_TOKEN: 'abc' }).token).toEqual({ value: 'abc', made: false });
    expect(readArguments([], { EARSHOT_TOKEN: '' }).token.made).toBe(true);
  });

  test.each([
    [['--verbose'], '--verbose'],
    [['file.json'], 'file.json'],
    [['--port'], '--port'],
    [['--port', '65536'], '--port: expected a number'],
    [['--port', '-1'], '--port'],
    [['--token', 'a b'], '--token: expected visible'],
    [['--data='], '--data: expected a value'],
  ])('%j is refused with a sentence and the usage', (argv, named) => {
    const faults = faultsOf(() => readArguments(argv, {}));
    expect(faults[0]).toContain(named);
    expect(faults.at(-1)).toMatch(/^usage: npm start/);
  });
});

describe('the data folder', () => {
  test('belongs to one process at a time', async () => {
    const path = join(root, 'busy');
    const other = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60000)'], { stdio: 'ignore' });
    (await openDataFolder(path)).close();
    writeFileSync(join(path, 'lock'), JSON.stringify({ pid: other.pid, started: null }));
    await expect(openDataFolder(path)).rejects.toThrow(`in use by another Earshot (process ${other.pid})`);
    const waiting = openDataFolder(path);
    other.kill('SIGKILL');
    (await waiting).close();
  });

  test.each([
    ['of a process that has its number by chance', JSON.stringify({ pid: process.ppid, started: 'another time' })],
    ['of our own number, from before', JSON.stringify({ pid: process.pid, started: 'x' })],
    ['that was cut short', '{"pi'],
  ])('a lock %s does not block', async (_, lock) => {
    const path = join(root, 'stale');
    (await openDataFolder(path)).close();
    writeFileSync(join(path, 'lock'), lock);
    (await openDataFolder(path)).close();
  });
});

describe('the guard', () => {
  const guard = resolve('infra/local/require-node.mjs');

  test('hands on the exit code', () => {
    expect(spawnSync(process.execPath, [guard, process.execPath, '-e', 'process.exit(7)']).status).toBe(7);
  });

  test('hands on a signal', async () => {
    const script = `process.on('SIGTERM', () => process.exit(9)); setInterval(() => {}, 1000); console.log('up');`;
    const child = spawn(process.execPath, [guard, process.execPath, '-e', script]);
    await new Promise((up) => child.stdout.once('data', up));
    child.kill('SIGTERM');
    expect(await new Promise((done) => child.once('exit', done))).toBe(9);
  });

  test('an old Node is told what to do', () => {
    const old = `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.20.2' } });`;
    const pretend = `data:text/javascript,${encodeURIComponent(old)}`;
    const { status, stderr } = spawnSync(process.execPath, ['--import', pretend, guard, 'true'], { encoding: 'utf8' });
    expect(status).toBe(1);
    expect(stderr).toMatch(/needs Node 24 or newer, but this is Node 20\.20\.2.*npm ci/);
  });
});

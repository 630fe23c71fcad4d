import { spawnSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { connectors } from '#shared/providers/registry.ts';

const root = resolve(import.meta.dirname, '..');
const top = ['explorer', 'functions', 'infra', 'shared', 'test'];

const sourceFiles = top
  .flatMap((folder) => readdirSync(join(root, folder), { recursive: true, withFileTypes: true }))
  .filter((entry) => entry.isFile() && /\.(tsx?|mjs)$/.test(entry.name))
  .map((entry) => relative(root, join(entry.parentPath, entry.name)))
  .filter((path) => !path.startsWith('test/fixtures/'));

const reportSchema = z.object({
  modules: z.array(z.object({ source: z.string() })),
  summary: z.object({
    violations: z.array(z.object({ from: z.string(), rule: z.object({ name: z.string() }) })),
    ruleSetUsed: z.object({ forbidden: z.array(z.object({ name: z.string() })) }),
  }),
});

/** The report of the boundary check over the folders under `cwd`. */
function cruise(cwd: string, folders: readonly string[]) {
  const tool = realpathSync(join(root, 'node_modules/.bin/depcruise'));
  const config = join(root, '.dependency-cruiser.cjs');
  const args = [tool, '--config', config, '--output-type', 'json', ...folders];
  const { stdout, stderr } = spawnSync(process.execPath, args, { cwd, encoding: 'utf8', maxBuffer: 64 * 1024 ** 2 });
  if (!stdout) throw new Error(stderr);
  return reportSchema.parse(JSON.parse(stdout));
}

describe('the boundary check', () => {
  it('sees every source file', () => {
    const seen = new Set(cruise(root, top).modules.map(({ source }) => source));
    expect(sourceFiles.length).toBeGreaterThan(50);
    expect(sourceFiles.filter((path) => !seen.has(path))).toEqual([]);
  });

  const planted: readonly [rule: string, from: string, to: string][] = [
    ['facts-import-nothing', 'shared/facts/a.ts', 'shared/facts/b.ts'],
    ['domain-is-pure', 'shared/domain/a.ts', 'shared/storage/b.ts'],
    ['http-knows-domain', 'shared/http/a.ts', 'shared/storage/b.ts'],
    ['providers-are-islands', 'shared/providers/one/a.ts', 'shared/providers/two/b.ts'],
    ['providers-are-islands', 'shared/providers/one/c.ts', 'shared/storage/b.ts'],
    ['webhooks-know-no-provider', 'shared/webhooks/a.ts', 'shared/providers/two/b.ts'],
    ['connectors-tools-know-no-provider', 'shared/providers/connector.ts', 'shared/providers/two/b.ts'],
    ['registry-lists-connectors', 'shared/providers/registry.ts', 'shared/storage/b.ts'],
    ['storage-knows-no-provider', 'shared/storage/a.ts', 'shared/providers/two/b.ts'],
    ['runtime-is-below', 'shared/runtime/a.ts', 'shared/storage/b.ts'],
    ['ingest-knows-no-provider', 'shared/ingest/a.ts', 'shared/providers/two/b.ts'],
    ['media-knows-no-provider', 'shared/media/a.ts', 'shared/providers/two/b.ts'],
    ['media-knows-no-provider', 'shared/media/c.ts', 'shared/ingest/b.ts'],
    ['publish-knows-the-bus', 'shared/publish/a.ts', 'shared/ingest/b.ts'],
    ['shared-is-below', 'shared/ingest/c.ts', 'functions/two/b.ts'],
    ['functions-are-islands', 'functions/one/a.ts', 'functions/two/b.ts'],
    ['functions-are-islands', 'functions/one/c.ts', 'infra/b.ts'],
    ['stacks-read-facts-and-registry', 'infra/a.ts', 'functions/two/b.ts'],
    ['stacks-read-facts-and-registry', 'infra/c.ts', 'infra/local/b.ts'],
    ['subscribers-stand-alone', 'infra/subscriber/a.ts', 'infra/b.ts'],
    ['local-reads-the-template', 'infra/local/a.ts', 'shared/storage/b.ts'],
    ['explorer-stands-alone', 'explorer/a.tsx', 'shared/runtime/b.ts'],
    ['explorer-takes-types-alone', 'explorer/c.ts', 'shared/domain/d.ts'],
    ['explorer-is-files', 'infra/h.ts', 'explorer/e.ts'],
    ['source-never-imports-test', 'shared/http/c.ts', 'test/b.ts'],
    ['no-circular', 'infra/d.ts', 'infra/e.ts'],
    ['resolvable', 'infra/f.ts', 'infra/nowhere.ts'],
  ];
  const plantedPackages: typeof planted = [
    ['ingest-has-seams', 'shared/ingest/d.ts', 'undici'],
    ['ingest-has-seams', 'shared/media/d.ts', '@aws-sdk/client-s3'],
    ['publish-knows-the-bus', 'shared/publish/d.ts', '@aws-sdk/client-s3'],
    ['storage-owns-clients', 'functions/one/d.ts', '@aws-sdk/client-s3'],
    ['no-development-packages', 'shared/http/d.ts', 'vitest'],
    ['declared-packages', 'infra/g.ts', 'rollup-of-nobody'],
  ];
  const tree = mkdtempSync(join(tmpdir(), 'earshot-planted-'));
  afterAll(() => rmSync(tree, { recursive: true, force: true }));

  it('finds what each of its rules forbids', () => {
    const files = new Map(planted.map(([, , to]) => [to, 'export const b = 1;\n']));
    files.delete('infra/nowhere.ts');
    for (const [, from, to] of planted) files.set(from, `import '${toImport(from, to)}';\n`);
    for (const [, from, to] of plantedPackages) files.set(from, `import '${to}';\n`);
    files.set('infra/e.ts', `import './d.ts';\n`);
    files.set('node_modules/rollup-of-nobody/index.js', '');
    for (const path of ['tsconfig.json', 'package.json']) files.set(path, readFileSync(join(root, path), 'utf8'));
    for (const [path, text] of files) {
      mkdirSync(join(tree, dirname(path)), { recursive: true });
      writeFileSync(join(tree, path), text);
    }
    for (const name of ['undici', '@aws-sdk', 'vitest']) {
      symlinkSync(join(root, 'node_modules', name), join(tree, 'node_modules', name));
    }
    const { violations, ruleSetUsed } = cruise(tree, top).summary;
    const found = violations.map(({ rule, from }) => `${rule.name} ${from}`);
    for (const [rule, from] of [...planted, ...plantedPackages]) expect(found).toContain(`${rule} ${from}`);
    const names = new Set([...planted, ...plantedPackages].map(([rule]) => rule));
    expect(ruleSetUsed.forbidden.map(({ name }) => name).filter((name) => !names.has(name))).toEqual([]);
  });
});

/** What stands behind `import` in one file to name another. */
function toImport(from: string, to: string): string {
  const path = relative(dirname(from), to);
  return path.startsWith('.') ? path : `./${path}`;
}

describe('the registry', () => {
  const folders = (path: string): string[] =>
    readdirSync(join(root, path), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name)
      .toSorted();
  const registered = connectors.map(({ provider }) => provider).toSorted();

  it('lists every provider folder', () => {
    expect(registered).toEqual(folders('shared/providers'));
  });

  it('lists no provider without fixtures, and there are no others', () => {
    expect(folders('test/fixtures')).toEqual(registered);
  });

  it('does nothing when it is imported: no environment, no connection, no timer, no file', () => {
    const watch = `
      import net from 'node:net';
      import fs from 'node:fs';
      const did = [];
      // Node's own loader asks for this one with every file.
      const ours = (name) => typeof name === 'string' && name !== 'WATCH_REPORT_DEPENDENCIES';
      process.env = new Proxy({}, { get: (_, name) => { if (ours(name)) did.push('env ' + name); } });
      net.Socket.prototype.connect = () => { did.push('connect'); throw new Error('no network'); };
      for (const name of ['writeFileSync', 'writeFile', 'mkdirSync']) fs[name] = () => did.push(name);
      const { connectors } = await import('./shared/providers/registry.ts');
      did.push(...process.getActiveResourcesInfo().filter((kind) => /Timeout|Immediate|TCP|Server/.test(kind)));
      console.log(JSON.stringify({ did, count: connectors.length }));
    `;
    const args = ['--input-type=module', '--eval', watch];
    const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8', env: {} });
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toEqual({ did: [], count: connectors.length });
  });
});

it('no file is longer than 250 lines', () => {
  const lines = (path: string): number => readFileSync(join(root, path), 'utf8').split('\n').length - 1;
  expect(sourceFiles.filter((path) => lines(path) > 250)).toEqual([]);
});

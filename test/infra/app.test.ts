import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Stack } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { addPolicyChecks, newApp } from '#infra/stacks.ts';
import { exampleFile } from './synthesized.ts';

const root = resolve(import.meta.dirname, '../..');
const canary = 'canary-7f3e9c51';
const folder = mkdtempSync(join(tmpdir(), 'earshot app '));

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs the app as the CDK's CLI does, without the CLI; the secrets of the environment must not get anywhere either. */
function runApp(file: unknown) {
  const connections = join(folder, 'connections.json');
  writeFileSync(connections, JSON.stringify(file));
  const out = mkdtempSync(join(folder, 'out '));
  const run = spawnSync(process.execPath, ['infra/app.ts'], {
    cwd: root,
    encoding: 'utf8',
    env: {
      PATH: process.env['PATH'],
      CDK_OUTDIR: out,
      CDK_CONTEXT_JSON: JSON.stringify({ connections }),
      AWS_SECRET_ACCESS_KEY: canary,
    },
  });
  return { ...run, out, files: filesUnder(out) };
}

const filesUnder = (path: string): string[] =>
  readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

const templateSchema = z.object({
  Resources: z.record(z.string(), z.object({ Type: z.string(), Properties: z.unknown().optional() })),
});
const functionSchema = z.object({
  Code: z.object({ S3Key: z.string() }),
  Environment: z.object({ Variables: z.record(z.string(), z.unknown()) }),
});

/** The text of an `Fn::Join`, with a word for what only CloudFormation knows. */
function joined(value: unknown): string {
  const { data } = z.object({ 'Fn::Join': z.tuple([z.string(), z.array(z.unknown())]) }).safeParse(value);
  const [separator, parts] = data?.['Fn::Join'] ?? ['', [value]];
  return parts.map((part) => (typeof part === 'string' ? part : 'resolved-later')).join(separator);
}

/** Loads a bundle as Lambda would, with the variables that its template names and no others of ours. */
function start(out: string, { Code, Environment }: z.infer<typeof functionSchema>) {
  const bundle = pathToFileURL(join(out, `asset.${Code.S3Key.replace('.zip', '')}`, 'index.mjs'));
  const load = `
    globalThis.awslambda = { streamifyResponse: (handler) => handler };
    console.log(typeof (await import(${JSON.stringify(bundle.href)})).handler);
  `;
  const variables = Object.entries(Environment.Variables).map(([name, value]) => [
    name,
    typeof value === 'string' ? value : joined(value),
  ]);
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', load], {
    encoding: 'utf8',
    env: { AWS_REGION: 'us-east-1', ...Object.fromEntries(variables) },
  });
  return { stdout, stderr };
}

describe('the app, given a good file', () => {
  const [first, ...others] = exampleFile.connections;
  const withWebhook = { ...first, webhook: { secrets: [{ secret: 'earshot/hooks/sales-us' }] } };
  let run: ReturnType<typeof runApp>;
  beforeAll(() => {
    run = runApp({ ...exampleFile, connections: [withWebhook, ...others] });
  }, 120_000);

  it('synthesizes all stacks without a finding that nobody has explained', () => {
    expect(run.stderr).not.toMatch(/ERROR/);
    expect(run.status).toBe(0);
    const report = JSON.parse(readFileSync(join(run.out, 'validation-report.json'), 'utf8'));
    const checks = report.pluginReports.find(({ pluginName }: { pluginName: string }) => pluginName === 'AwsSolutions');
    expect(checks).toMatchObject({ conclusion: 'success', violations: [] });
    for (const { reason } of checks.suppressedViolations) expect(reason.length).toBeGreaterThan(30);
  });

  it('deploys the media queues before who sends to them: no stack imports them', () => {
    const { artifacts } = JSON.parse(readFileSync(join(run.out, 'manifest.json'), 'utf8'));
    for (const sender of ['earshot-ingestion', 'earshot-events']) {
      expect(artifacts[sender].dependencies).toContain('earshot-media');
      expect(readFileSync(join(run.out, `${sender}.template.json`), 'utf8')).not.toContain('earshot-media:');
    }
  });

  it('bundles each function with what it may know beside it', () => {
    expect(run.files.filter((path) => path.endsWith('index.mjs'))).toHaveLength(10);
    const known = run.files
      .filter((path) => path.endsWith('connections.json'))
      .map((path) => JSON.parse(readFileSync(path, 'utf8')))
      .map(({ connections, clients }) => [connections.map(({ id }: { id: string }) => id).join(), clients.length]);
    expect(known.toSorted()).toEqual([
      ['sales-us', 0],
      ['sales-us,sales-eu', 0],
      ['sales-us,sales-eu', 0],
      ['sales-us,sales-eu', 0],
      ['sales-us,sales-eu,support', 0],
      ['sales-us,sales-eu,support', 2],
      ['support', 0],
      ['support', 0],
    ]);
  });

  it('gives each function what it asks its environment for when it starts', () => {
    const started = run.files
      .filter((path) => path.endsWith('.template.json'))
      .flatMap((path) => Object.values(templateSchema.parse(JSON.parse(readFileSync(path, 'utf8'))).Resources))
      .filter(({ Type }) => Type === 'AWS::Lambda::Function')
      .map(({ Properties }) => start(run.out, functionSchema.parse(Properties)));
    expect(started).toEqual(Array.from({ length: 10 }, () => ({ stdout: 'function\n', stderr: '' })));
  });

  it('lets no secret value into what it writes', () => {
    expect(run.files.length).toBeGreaterThan(10);
    for (const path of run.files) expect(readFileSync(path).includes(canary), path).toBe(false);
  });
});

it('refuses values in place of names, and haste: a line for each, exit code 1, nothing written', () => {
  const token = { connections: [{ id: 'a', provider: 'salesloft', credentials: { token: canary } }] };
  const pair = { clientId: 'id', clientSecret: canary };
  const { status, stdout, stderr, files } = runApp({
    connections: [
      ...token.connections,
      { id: 'b', provider: 'salesloft', credentials: pair, webhook: { secrets: [canary] }, every: '5s' },
    ],
    clients: [
      { ...pair, scopes: ['conversations:read'] },
      { token: canary, scopes: ['conversations:read'] },
    ],
  });
  expect(status).toBe(1);
  expect(
    stderr
      .trimEnd()
      .split('\n')
      .map((line) => line.split(':')[0])
      .toSorted(),
  ).toEqual([
    'clients[0].clientSecret',
    'clients[1].token',
    'connections[0].credentials',
    'connections[1].credentials',
    'connections[1].every',
    'connections[1].webhook.secrets[0]',
  ]);
  expect(files).toEqual([]);
  expect(stdout + stderr).not.toContain(canary);
});

it('fails the synth for a finding that nobody has explained', () => {
  const app = newApp({ 'aws:cdk:bundling-stacks': [] });
  new Bucket(new Stack(app, 'planted'), 'Open');
  addPolicyChecks(app);
  const before = process.exitCode;
  let failure: unknown;
  try {
    app.synth();
    failure = process.exitCode;
  } catch (error) {
    failure = error;
  } finally {
    process.exitCode = before;
  }
  expect(failure).toBeTruthy();
});

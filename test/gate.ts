import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

/**
 * The gate (`npm run check`): one calm line a step, and at the first failure what that tool said. `--skip-tests` leaves
 * the tests out, for who has just run them.
 */
const root = resolve(import.meta.dirname, '..');
const bin = join(root, 'node_modules', '.bin');

type Step = { name: string; tool: string; args: readonly string[] };

function steps(scratch: string): Step[] {
  const synth = [
    'synth',
    '--quiet',
    '--output',
    join(scratch, 'cdk.out'),
    '-c',
    'connections=infra/connections.example.json',
  ];
  return [
    { name: 'types', tool: 'tsc', args: ['-p', '.'] },
    { name: 'types of the page', tool: 'tsc', args: ['-p', 'explorer'] },
    { name: 'lint and format', tool: 'biome', args: ['ci', '--error-on-warnings', '.'] },
    { name: 'directions', tool: 'depcruise', args: ['explorer', 'functions', 'infra', 'shared', 'test'] },
    { name: 'unused code', tool: 'knip', args: ['--no-progress'] },
    { name: 'tests', tool: 'vitest', args: ['run'] },
    { name: 'synth', tool: 'cdk', args: synth },
  ];
}

type Outcome = { code: number; output: string };

function run({ tool, args }: Step): Promise<Outcome> {
  return new Promise((settle) => {
    const child = spawn(join(bin, tool), args, {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      // The tools are scripts that look for "node": it must be the one that runs this, not the machine's own.
      env: {
        ...process.env,
        PATH: [dirname(process.execPath), bin, process.env['PATH']].join(delimiter),
        CDK_DISABLE_CLI_TELEMETRY: '1',
      },
    });
    const output: Buffer[] = [];
    child.stdout.on('data', (chunk) => output.push(chunk));
    child.stderr.on('data', (chunk) => output.push(chunk));
    child.on('error', (error) => settle({ code: 1, output: error.message }));
    child.on('close', (code) => settle({ code: code ?? 1, output: Buffer.concat(output).toString() }));
  });
}

async function runAll(chosen: readonly Step[]): Promise<number> {
  for (const step of chosen) {
    const start = performance.now();
    const { code, output } = await run(step);
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    console.log(`gate: ${step.name} ${code === 0 ? 'passed' : 'failed'} in ${seconds} s`);
    if (code === 0) continue;
    console.log(output.trimEnd());
    return 1;
  }
  return 0;
}

const { values } = parseArgs({ options: { 'skip-tests': { type: 'boolean', default: false } } });
const scratch = await mkdtemp(join(tmpdir(), 'earshot-gate-'));
try {
  process.exitCode = await runAll(steps(scratch).filter(({ name }) => name !== 'tests' || !values['skip-tests']));
} finally {
  await rm(scratch, { recursive: true, force: true });
}

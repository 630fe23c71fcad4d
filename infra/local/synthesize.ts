import { execFile } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { sourcesKey } from '../sources-key.ts';

const root = resolve(import.meta.dirname, '../..');

/** The CDK app said no; its own words are the message. */
export class SynthesisFailed extends Error {
  override readonly name = 'SynthesisFailed';
}

export type SynthesisOptions = { connections: string; outputFolder: string; signal: AbortSignal };

/** Written behind a synthesis that has come to its end: for which code and connections it stands. */
const keyFile = 'earshot.key';

/**
 * Synthesizes the CDK app, functions bundled, into a folder: what `cdk deploy` would deploy, for one machine. What an
 * earlier process left there is taken when it was made of the same code and connections.
 */
export async function synthesize({ connections, outputFolder, signal }: SynthesisOptions): Promise<void> {
  const key = sourcesKey(root, readFileSync(connections, 'utf8'));
  if (existsSync(join(outputFolder, keyFile)) && readFileSync(join(outputFolder, keyFile), 'utf8') === key) return;
  rmSync(outputFolder, { recursive: true, force: true });
  await runApp({ connections, outputFolder, signal });
  writeFileSync(join(outputFolder, keyFile), key);
}

function runApp({ connections, outputFolder, signal }: SynthesisOptions): Promise<void> {
  const context = { connections, name: 'earshot', oneMachine: true };
  const environment = {
    ...process.env,
    CDK_OUTDIR: outputFolder,
    CDK_CONTEXT_JSON: JSON.stringify(context),
    // What CloudFormation would say of the templates takes seconds to find out, and nobody asks it here.
    CDK_VALIDATION: 'false',
  };
  return new Promise((done, refuse) => {
    const options = { cwd: root, env: environment, signal, maxBuffer: 16 * 1024 * 1024 };
    execFile(process.execPath, ['infra/app.ts'], options, (error, stdout, stderr) => {
      if (!error) return done();
      refuse(new SynthesisFailed(`${stderr}${stdout}`.trim() || error.message));
    });
  });
}

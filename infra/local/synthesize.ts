import { execFile } from 'node:child_process';
import { resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');

/** The CDK app said no; its own words are the message. */
export class SynthesisFailed extends Error {
  override readonly name = 'SynthesisFailed';
}

export type SynthesisOptions = { connections: string; outputFolder: string; signal: AbortSignal };

/** Synthesizes the CDK app, functions bundled, into a folder: what `cdk deploy` would deploy, for one machine. */
export function synthesize({ connections, outputFolder, signal }: SynthesisOptions): Promise<void> {
  const context = { connections, name: 'earshot', oneMachine: true };
  const environment = { ...process.env, CDK_OUTDIR: outputFolder, CDK_CONTEXT_JSON: JSON.stringify(context) };
  return new Promise((done, refuse) => {
    const options = { cwd: root, env: environment, signal, maxBuffer: 16 * 1024 * 1024 };
    execFile(process.execPath, ['infra/app.ts'], options, (error, stdout, stderr) => {
      if (!error) return done();
      refuse(new SynthesisFailed(`${stderr}${stdout}`.trim() || error.message));
    });
  });
}

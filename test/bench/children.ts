import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** A script of ours in a process of its own; the first line that it prints is its address. */
export async function startChild(
  script: string,
  ...args: readonly string[]
): Promise<{ url: string; stop: () => void }> {
  const path = fileURLToPath(new URL(script, import.meta.url));
  const child: ChildProcess = spawn(process.execPath, [path, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  if (!child.stdout) throw new Error('no output');
  // Ours may end by an error before it stops what it started.
  const kill = () => child.kill();
  process.once('exit', kill);
  child.once('exit', () => process.off('exit', kill));
  const [url] = await once(createInterface(child.stdout), 'line');
  return { url: String(url), stop: () => void child.kill() };
}

/** A script of ours that runs to its end in a process of its own: what it printed. */
export async function runChild(script: string, ...args: readonly string[]): Promise<string> {
  const path = fileURLToPath(new URL(script, import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', path, ...args]);
  return stdout;
}

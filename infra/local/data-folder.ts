import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ConfigInvalid } from '#shared/domain/errors.ts';

export type DataFolder = {
  path: string;
  /** lets the next process in; a folder of our own goes altogether */
  close: () => void;
};

type Owner = { pid: number; started: string | null };

/** How long a process that was just told to stop, or killed, gets to let go of the folder (milliseconds). */
const patienceMs = 2000;
const lookAgainMs = 50;

/** Takes a data folder for this process. Throws ConfigInvalid where another one that still runs has it. */
export async function openDataFolder(given: string | null): Promise<DataFolder> {
  if (given === null) {
    const path = mkdtempSync(join(tmpdir(), 'earshot-'));
    return { path, close: () => rmSync(path, { recursive: true, force: true }) };
  }
  mkdirSync(given, { recursive: true, mode: 0o700 });
  const lock = join(given, 'lock');
  for (let waited = 0; ; waited += lookAgainMs) {
    const owner = takeLock(lock);
    if (owner === null) return { path: given, close: () => rmSync(lock, { force: true }) };
    if (waited >= patienceMs)
      throw new ConfigInvalid([
        `--data: ${given} is in use by another Earshot (process ${owner.pid}); stop that one or name another folder`,
      ]);
    await delay(lookAgainMs);
  }
}

/** Takes the lock, or gives who has it. */
function takeLock(lock: string): Owner | null {
  const own = JSON.stringify({ pid: process.pid, started: startOf(process.pid) } satisfies Owner);
  for (;;) {
    try {
      writeFileSync(lock, own, { flag: 'wx' });
      return null;
    } catch (error) {
      if (!hasCode(error, 'EEXIST')) throw error;
    }
    const owner = readOwner(lock);
    if (owner && isRunning(owner)) return owner;
    // Its process was killed: the lock outlived it.
    rmSync(lock, { force: true });
  }
}

function readOwner(lock: string): Owner | null {
  try {
    const { pid, started } = JSON.parse(readFileSync(lock, 'utf8'));
    return Number.isInteger(pid) ? { pid, started: typeof started === 'string' ? started : null } : null;
  } catch {
    return null; // gone in the meantime, or cut short by a kill
  }
}

/** A number is given to another process soon enough, above all in a container; its start tells them apart. */
function isRunning({ pid, started }: Owner): boolean {
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    return hasCode(error, 'EPERM');
  }
  return started === null || startOf(pid) === started;
}

/** When a process started, in clock ticks since boot, where the system tells (Linux); field 22 of `stat`. */
function startOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch {
    return null;
  }
}

const hasCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code;

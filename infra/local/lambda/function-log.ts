import { createWriteStream } from 'node:fs';
import type { Readable } from 'node:stream';

/** One file with what all functions print: a log line of theirs names its function itself. */
export type FunctionLog = { add: (output: Readable) => void; close: () => Promise<void> };

export function openFunctionLog(path: string): FunctionLog {
  const file = createWriteStream(path, { flags: 'a' });
  // A full disk must not take the machine down; whoever misses the log looks at the disk.
  file.on('error', () => undefined);
  return {
    // Not piped: a file that is slow must not hold a function up.
    add: (output) => void output.on('data', (chunk: Buffer) => void file.write(chunk)),
    close: () => new Promise((done) => file.end(() => done())),
  };
}

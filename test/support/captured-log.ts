import { afterEach, beforeEach, vi } from 'vitest';

/** What the running test has written so far: as text, and its lines parsed. */
export type CapturedLog = { text: () => string; lines: () => Record<string, unknown>[] };

/**
 * To be called once by a test file that reads the log; it must have stubbed the level before the logger is imported. What
 * is written does not come to the terminal.
 */
export function captureLog(): CapturedLog {
  let written: string[] = [];
  beforeEach(() => {
    written = [];
    for (const output of [process.stdout, process.stderr]) {
      vi.spyOn(output, 'write').mockImplementation((text) => {
        written.push(String(text));
        return true;
      });
    }
  });
  afterEach(() => {
    vi.restoreAllMocks();
  });
  return { text: () => written.join(''), lines: () => written.map((line) => JSON.parse(line)) };
}

import { errorFields } from '#shared/runtime/error-fields.ts';
import { logError } from '#shared/runtime/log.ts';
import type { LineLog } from '#shared/storage/read-log.ts';
import { readingNotNoted } from '../http/problem.ts';

/** What of a conversation somebody looked at: its content, as opposed to its record. */
export type ReadKind = 'transcript' | 'vcon' | `media:${string}` | 'quarantine';

/** One reading: who looked at what of which conversation. Its time is the log's. */
export type Reading = { client: string; conversation: string; kind: ReadKind };

/**
 * Leaves a line for each reading in a log group of its own, kept a year: who listened to what. Settles when the lines are
 * durable; content is sent only behind it, so that nobody reads unseen.
 */
export type ReadLog = { note: (readings: readonly Reading[]) => Promise<void> };

/** The log of reads over a log's lines: `{client, conversation, kind, at}` each. Throws a 503 where they cannot be kept. */
export const readLog = (lines: LineLog, now: () => number): ReadLog => ({
  note: async (readings) => {
    if (readings.length === 0) return;
    const at = now();
    const stamp = new Date(at).toISOString();
    const texts = readings.map(({ client, conversation, kind }) =>
      JSON.stringify({ client, conversation, kind, at: stamp }),
    );
    try {
      await lines.append(texts, at);
    } catch (error) {
      logError('reading not noted', errorFields(error));
      throw readingNotNoted();
    }
  },
});

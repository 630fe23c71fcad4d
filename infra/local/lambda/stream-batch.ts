import type { StreamRecord } from '#infra/local/dynamodb/stream-record.ts';

/** What a function did with a batch: `done` records of its start are dealt with; the rest must come again. */
export type BatchResult = { done: number; failure: string | null };

export type BatchRules = {
  bisect: boolean;
  /** further attempts, -1 without end */
  retries: number;
};

export type BatchSteps = {
  invoke: (records: readonly StreamRecord[]) => Promise<BatchResult>;
  /** everything up to this record is dealt with */
  advance: (record: StreamRecord) => Promise<void>;
  /** keeps what failed for good; it must not return before that is safe */
  giveUp: (records: readonly StreamRecord[], attempts: number, failure: string) => Promise<void>;
  /** waits before the attempt with this number (the second is 1); false when the consumer is to stop */
  pause: (attempt: number) => Promise<boolean>;
  /** the consumer is to stop: a failure may come from that alone and counts for nothing */
  stopping: () => boolean;
};

/**
 * Hands a batch to the function until each record is dealt with, in order. As on AWS, splitting does not count as an
 * attempt. Answers false when it was told to stop before the end.
 */
export async function processBatch(
  records: readonly StreamRecord[],
  rules: BatchRules,
  steps: BatchSteps,
): Promise<boolean> {
  let rest = records;
  for (let attempt = 1; rest.length > 0; attempt++) {
    const { done, failure } = await steps.invoke(rest);
    const last = rest[(failure === null ? rest.length : done) - 1];
    if (last) await steps.advance(last);
    if (failure === null) return true;
    if (steps.stopping()) return false;
    rest = rest.slice(done);
    if (rules.bisect && rest.length > 1) {
      const middle = Math.ceil(rest.length / 2);
      return (
        (await steps.pause(1)) &&
        (await processBatch(rest.slice(0, middle), rules, steps)) &&
        processBatch(rest.slice(middle), rules, steps)
      );
    }
    if (rules.retries >= 0 && attempt > rules.retries) {
      await steps.giveUp(rest, attempt, failure);
      const final = rest.at(-1);
      if (final) await steps.advance(final);
      return true;
    }
    if (!(await steps.pause(attempt))) return false;
  }
  return true;
}

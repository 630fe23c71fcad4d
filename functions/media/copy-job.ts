import { LeaseLost, RateLimited } from '#shared/domain/errors.ts';
import type { MediaJob } from '#shared/domain/media-job.ts';
import { logged } from '#shared/facts/logged.ts';
import { leaseMs } from '#shared/media/copy-lease.ts';
import type { CopyEnd } from '#shared/media/copy-media.ts';
import { logInfo } from '#shared/runtime/log.ts';

export type JobRun = {
  copy: (job: MediaJob) => Promise<CopyEnd>;
  /** puts the job into the queue again, to come after so many seconds (0 to 900) */
  sendAgain: (job: MediaJob, delaySeconds: number) => Promise<void>;
  /** our clock, milliseconds since 1970 */
  now: () => number;
};

/** Longest delay of a message (seconds); who has longer to wait is sent away again. */
const longestDelay = 900;

/**
 * Works one job off. What only has to wait or go on is sent again, so that it never counts as failed: the new message is
 * in the queue before the old one is done. Throws what makes the job a failed one.
 */
export async function runJob({ copy, sendAgain, now }: JobRun, job: MediaJob): Promise<void> {
  const begun = now();
  const { end, bytes } = await copy(job).catch((error: unknown): Ended => ({ end: waitAfter(error), bytes: 0 }));
  const { connection } = job;
  const runMs = now() - begun;
  if (typeof end !== 'string') {
    await sendAgain(job, end.delaySeconds);
    logInfo('copy waits', { connection, stopped: end.code, runMs, waitMs: end.delaySeconds * 1_000 });
    return;
  }
  if (end === 'timeUp') await sendAgain(job, 0);
  logInfo('copied', {
    ...{ connection, stopped: end, byteCount: bytes, runMs },
    [logged.overdue]: end === 'overdue' ? 1 : 0,
    [logged.notCopied]: end === 'failed' ? 1 : 0,
  });
}

type Wait = { code: string; delaySeconds: number };
type Ended = { end: CopyEnd['end'] | Wait; bytes: number };

/** Throws what no waiting helps against. */
function waitAfter(error: unknown): Wait {
  if (error instanceof RateLimited) {
    const seconds = Math.ceil(error.retryAfterMs / 1_000);
    return { code: error.code, delaySeconds: Math.min(longestDelay, Math.max(1, seconds)) };
  }
  // The other runner ends, or its lease does.
  if (error instanceof LeaseLost) return { code: error.code, delaySeconds: leaseMs / 1_000 };
  throw error;
}

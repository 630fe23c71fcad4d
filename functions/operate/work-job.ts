import type { OperationJob } from '#shared/domain/operation.ts';
import { logInfo } from '#shared/runtime/log.ts';
import { leaseMs, type RunEnd } from './run-operation.ts';

export type JobRun = {
  run: (job: OperationJob) => Promise<RunEnd>;
  /** puts the job into the queue again, to come after so many seconds (0 to 900) */
  sendAgain: (job: OperationJob, delaySeconds: number) => Promise<void>;
  /** our clock, milliseconds since 1970 */
  now: () => number;
};

/** What is not at its end though its run is; another run that is at work may die, and its message with it. */
const againAfterSeconds: Partial<Readonly<Record<RunEnd, number>>> = { timeUp: 0, held: leaseMs / 1_000 };

/**
 * Runs the operation of one message. What must go on or wait is sent again, so that it never counts as failed: the new
 * message is in the queue before the old one is done. Throws what makes the message come again.
 */
export async function workJob({ run, sendAgain, now }: JobRun, job: OperationJob): Promise<void> {
  const begun = now();
  const stopped = await run(job);
  const seconds = againAfterSeconds[stopped];
  if (seconds !== undefined) await sendAgain(job, seconds);
  logInfo('operation', { operation: `${job.kind}/${job.id}`, stopped, runMs: now() - begun });
}

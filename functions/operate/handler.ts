import { randomUUID } from 'node:crypto';
import type { SQSBatchItemFailure, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { operationJobSchema } from '#shared/domain/operation.ts';
import { retrySeconds } from '#shared/domain/retry-seconds.ts';
import { errorFields } from '#shared/runtime/error-fields.ts';
import { workHandler } from '#shared/runtime/handlers.ts';
import { logError } from '#shared/runtime/log.ts';
import { retryAfter, sendJobs } from '#shared/storage/job-queue.ts';
import { runOperation } from './run-operation.ts';
import { askDaily, clock, operations, runners, store } from './wiring.ts';
import { workJob } from './work-job.ts';

/** Time kept back for a run to save its place and to send its job again. */
const reserveMs = 30_000;

/** What the daily schedule sends. */
type Daily = { retention: 'daily' };

/** A batch of operations (of one, as the stack sets it up), or the word that a day has passed. */
export const handler = workHandler(async (event: SQSEvent | Daily, context): Promise<SQSBatchResponse> => {
  const batchItemFailures: SQSBatchItemFailure[] = [];
  if ('retention' in event) {
    await askDaily();
    return { batchItemFailures };
  }
  const { Records } = event;
  for (const { messageId, body, receiptHandle, attributes } of Records) {
    const job = operationJobSchema.parse(JSON.parse(body));
    const isTimeUp = () => context.getRemainingTimeInMillis() < reserveMs;
    const run = { store, runners, now: clock.now, isTimeUp, holder: randomUUID() };
    try {
      const sendAgain = (again: typeof job, seconds: number) => sendJobs(operations, [again], seconds);
      await workJob({ run: (given) => runOperation(run, given), sendAgain, now: clock.now }, job);
    } catch (error) {
      logError('operation failed', { ...errorFields(error), operation: `${job.kind}/${job.id}` });
      batchItemFailures.push({ itemIdentifier: messageId });
      const seconds = retrySeconds(Number(attributes.ApproximateReceiveCount));
      // Without it the message comes again later: no reason to lose the report of its failure.
      await retryAfter(operations, receiptHandle, seconds).catch(() => undefined);
    }
  }
  return { batchItemFailures };
});

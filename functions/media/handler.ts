import type { SQSBatchItemFailure, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import type { Connection } from '#shared/domain/connections.ts';
import { ConfigInvalid } from '#shared/domain/errors.ts';
import { expectationOf } from '#shared/domain/expectation.ts';
import { type MediaJob, mediaJobSchema } from '#shared/domain/media-job.ts';
import { retrySeconds } from '#shared/domain/retry-seconds.ts';
import { env } from '#shared/facts/env.ts';
import { clockFrom } from '#shared/http/clock.ts';
import { createTokenCache } from '#shared/http/oauth.ts';
import { openMediaDoor } from '#shared/ingest/media-session.ts';
import { openSession } from '#shared/ingest/session.ts';
import { type CopyEnd, copyMedia } from '#shared/media/copy-media.ts';
import { findConnector } from '#shared/providers/registry.ts';
import { collectYoung } from '#shared/runtime/collect-young.ts';
import { loadConnections } from '#shared/runtime/connections.ts';
import { requireEnv } from '#shared/runtime/env.ts';
import { errorFields } from '#shared/runtime/error-fields.ts';
import { workHandler } from '#shared/runtime/handlers.ts';
import { logError } from '#shared/runtime/log.ts';
import { openStore } from '#shared/storage/document-client.ts';
import { openJobQueue, retryAfter, sendJobs } from '#shared/storage/job-queue.ts';
import { openSecrets } from '#shared/storage/secrets.ts';
import { type JobRun, runJob } from './copy-job.ts';

const store = openStore();
const clock = clockFrom(() => Date.now());
const secrets = openSecrets(clock.now);
const tokens = createTokenCache(clock);
const settleMs = Number(requireEnv(env.settleMs));
const queue = openJobQueue(requireEnv(env.mediaQueue));

/** Time kept back for a copy to save itself: the part that is on its way up, its place, the message for the next run. */
const reserveMs = 30_000;

/** A batch of copy jobs (of one, as the stack sets it up). */
export const handler = workHandler(async ({ Records }: SQSEvent, context): Promise<SQSBatchResponse> => {
  const batchItemFailures: SQSBatchItemFailure[] = [];
  for (const { messageId, body, receiptHandle, attributes } of Records) {
    const signal = AbortSignal.timeout(Math.max(0, context.getRemainingTimeInMillis() - reserveMs));
    const job = mediaJobSchema.parse(JSON.parse(body));
    const run: JobRun = {
      copy: (given) => copy(given, signal),
      sendAgain: (again, delaySeconds) => sendJobs(queue, [again], delaySeconds),
      now: clock.now,
    };
    await runJob(run, job).catch(async (error: unknown) => {
      logError('copy failed', { ...errorFields(error), connection: job.connection, conversations: job.uuid });
      batchItemFailures.push({ itemIdentifier: messageId });
      const seconds = retrySeconds(Number(attributes.ApproximateReceiveCount));
      // Without it the message comes again later: no reason to lose the report of its failure.
      await retryAfter(queue, receiptHandle, seconds).catch(() => undefined);
    });
  }
  return { batchItemFailures };
});

async function copy(job: MediaJob, signal: AbortSignal): Promise<CopyEnd> {
  const connection = connectionOf(job);
  const connector = findConnector(connection.provider);
  if (!connector?.media) throw new ConfigInvalid([`connection ${connection.id}: its provider has no media`]);
  // Its pending files are asked for again when it goes on.
  if (connection.paused) return { end: 'nothing', bytes: 0 };
  const session = await openSession(connection, connector, { store, secrets, tokens, clock, lane: 'backfill' });
  return copyMedia(
    {
      ...{ store, clock, now: clock.now, slowPutMs: settleMs / 2, session, signal },
      media: connector.media,
      expectation: expectationOf(connection, connector.promised),
      door: openMediaDoor(session, clock),
      tidy: collectYoung,
    },
    job,
  );
}

function connectionOf({ connection: id }: MediaJob): Connection {
  const connection = loadConnections().connections.find((candidate) => candidate.id === id);
  if (!connection) throw new ConfigInvalid([`connection ${id} is not in this function's connections`]);
  return connection;
}

import { type JobRun, runJob } from '#functions/media/copy-job.ts';
import { expectationOf } from '#shared/domain/expectation.ts';
import { openMediaDoor } from '#shared/ingest/media-session.ts';
import { openSession, type SessionOptions } from '#shared/ingest/session.ts';
import { copyMedia } from '#shared/media/copy-media.ts';
import { sendJobs } from '#shared/storage/job-queue.ts';
import type { Deployed } from './deployed.ts';
import { workNext } from './work-next.ts';

/** Works a copy job off. False where there is none to be seen. */
export function copyNext(deployed: Deployed, options: SessionOptions): Promise<boolean> {
  const { clock, copies } = deployed;
  const sendAgain: JobRun['sendAgain'] = (job, delaySeconds) => sendJobs(copies.queue, [job], delaySeconds);
  return workNext(copies, clock, (wanted) =>
    runJob({ copy: (job) => copy(deployed, options, job), sendAgain, now: clock.now }, wanted),
  );
}

/** As functions/media/handler.ts does. */
async function copy(deployed: Deployed, options: SessionOptions, job: Parameters<JobRun['copy']>[0]) {
  const { world, connector, store, clock } = deployed;
  const { media } = connector;
  if (!media) throw new TypeError('no media');
  const ending = new AbortController();
  deployed.endTime = () => ending.abort();
  const session = await openSession(world.connection, connector, { ...options, lane: 'backfill' });
  const context = {
    ...{ store, clock, now: clock.now, slowPutMs: 5_000, session, media, signal: ending.signal },
    expectation: expectationOf(world.connection, connector.promised),
    door: openMediaDoor(session, clock),
  };
  return copyMedia(context, job);
}

import { type JobRun, runJob } from '#functions/media/copy-job.ts';
import { expectationOf } from '#shared/domain/expectation.ts';
import { openMediaDoor } from '#shared/ingest/media-session.ts';
import { openSession, type SessionOptions } from '#shared/ingest/session.ts';
import { copyMedia } from '#shared/media/copy-media.ts';
import { sendJobs } from '#shared/storage/media-queue.ts';
import type { Deployed } from './deployed.ts';
import { passGate } from './gate.ts';

/** How long a message whose run has failed is not seen, and how often it may fail. */
const visibilityMs = 60_000;
const mostFailures = 3;

/** Works one message off; its job comes again until a run of it has ended. False where there is none to be seen. */
export async function copyNext(deployed: Deployed, options: SessionOptions): Promise<boolean> {
  const { clock, messages, queue } = deployed;
  const seen = messages.toSorted((a, b) => a.visibleAt - b.visibleAt)[0];
  if (!seen) return false;
  // Nothing else happens meanwhile.
  if (seen.visibleAt > clock.now()) await clock.sleep(seen.visibleAt - clock.now());
  const sendAgain: JobRun['sendAgain'] = (job, delaySeconds) => sendJobs(queue, [job], delaySeconds);
  try {
    await runJob({ copy: (job) => copy(deployed, options, job), sendAgain, now: clock.now }, seen.job);
  } catch (error) {
    seen.failures += 1;
    if (seen.failures > mostFailures) throw error;
    seen.visibleAt = clock.now() + visibilityMs;
    return true;
  }
  await passGate('DeleteMessage', async () => {
    if (messages.includes(seen)) messages.splice(messages.indexOf(seen), 1);
  });
  return true;
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

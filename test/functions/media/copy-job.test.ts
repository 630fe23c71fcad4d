import { beforeEach, expect, it } from 'vitest';
import { type JobRun, runJob } from '#functions/media/copy-job.ts';
import { LeaseLost, ProviderUnavailable, RateLimited } from '#shared/domain/errors.ts';
import type { MediaJob } from '#shared/domain/media-job.ts';
import { retrySeconds } from '#shared/domain/retry-seconds.ts';

const job: MediaJob = { connection: 'support', uuid: 'u', key: 'rec/1', last: true };

/** What came into the queue: the job and its delay (seconds). */
let sent: [MediaJob, number][];
beforeEach(() => {
  sent = [];
});

const run = (copy: JobRun['copy']): Promise<void> =>
  runJob({ copy, sendAgain: async (again, delay) => void sent.push([again, delay]), now: () => 0 }, job);

const failing = (error: Error) => run(() => Promise.reject(error));

it.each(['ready', 'nothing', 'pending', 'overdue', 'failed'] as const)('is done when it ends %s', async (end) => {
  await run(async () => ({ end, bytes: 5 }));
  expect(sent).toEqual([]);
});

it('sends itself again at once when its time is up', async () => {
  await run(async () => ({ end: 'timeUp', bytes: 0 }));
  expect(sent).toEqual([[job, 0]]);
});

it.each([
  [0, 1],
  [1_001, 2],
  [59_000, 59],
  [3_600_000, 900],
])('waits %d ms for the budget with a delay of %d s', async (ms, seconds) => {
  await failing(new RateLimited('spent', ms));
  expect(sent).toEqual([[job, seconds]]);
});

it('comes again when the lease of another runner has ended at the latest', async () => {
  await failing(new LeaseLost('another'));
  expect(sent).toEqual([[job, 60]]);
});

it('fails with any other error, and with the queue', async () => {
  await expect(failing(new ProviderUnavailable('502'))).rejects.toThrow(ProviderUnavailable);
  expect(sent).toEqual([]);
  const refusing: JobRun = {
    copy: async () => ({ end: 'timeUp', bytes: 0 }),
    sendAgain: () => Promise.reject(new Error('queue refuses')),
    now: () => 0,
  };
  await expect(runJob(refusing, job)).rejects.toThrow('queue refuses');
});

it('tries a failed job again after a minute, then four times as long, within what SQS takes', () => {
  expect([1, 2, 3, 4, 9, Number.NaN].map(retrySeconds)).toEqual([60, 240, 960, 3_840, 43_200, 60]);
});

import { type Job, type JobQueue, offerJobs } from '#shared/storage/job-queue.ts';

/** A job and where it is to be sent. */
export type Wanted = { queue: JobQueue; job: Job };

/** Sends what each of these steps wants done, and gives how many of the first steps have all of it in the queues. */
export async function askForWork(steps: readonly (readonly Wanted[])[]): Promise<number> {
  const wanted = steps.flatMap((jobs, place) => jobs.map(({ queue, job }) => ({ place, queue, job })));
  const refused: number[] = [];
  for (const [queue, ofQueue] of Map.groupBy(wanted, ({ queue }) => queue)) {
    const taken = await offerJobs(
      queue,
      ofQueue.map(({ job }) => job),
    );
    refused.push(ofQueue[taken]?.place ?? steps.length);
  }
  return Math.min(steps.length, ...refused);
}

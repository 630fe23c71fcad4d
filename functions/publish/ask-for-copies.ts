import type { Transition } from '#shared/domain/conversation-events.ts';
import { copiesWanted } from '#shared/domain/copies-wanted.ts';
import { type MediaQueue, offerJobs } from '#shared/storage/media-queue.ts';

/** The queues of copy jobs by provider. Of a provider that has none no copies are wanted. */
export type MediaQueues = ReadonlyMap<string, MediaQueue>;

/** Sends the copy jobs of these steps, and gives how many of the first steps have all of theirs in the queue. */
export async function askForCopies(queues: MediaQueues, steps: readonly Transition[]): Promise<number> {
  const refused: number[] = [];
  for (const [provider, queue] of queues) {
    const wanted = steps.flatMap((step, place) =>
      step.after.provider === provider ? copiesWanted(step).map((job) => ({ place, job })) : [],
    );
    const taken = await offerJobs(
      queue,
      wanted.map(({ job }) => job),
    );
    refused.push(wanted[taken]?.place ?? steps.length);
  }
  return Math.min(steps.length, ...refused);
}

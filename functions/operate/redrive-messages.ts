import * as z from 'zod';
import { type RedriveRequest, type RedriveResult, redriveResult } from '#shared/domain/operation-redrive.ts';
import {
  countMessages,
  type DeadMessage,
  receiveDead,
  removeMessages,
  sendAgain,
  showMessages,
} from '#shared/storage/dead-messages.ts';
import type { JobQueue } from '#shared/storage/job-queue.ts';
import type { Saved } from '#shared/storage/operation-lease.ts';
import type { NameLetter } from './letter-names.ts';
import type { Task, Work } from './runner.ts';
import { type LetterNames, redriveFilter, withNames } from './wanted-ids.ts';

/** A queue with its dead letters. */
export type MendedQueue = { dead: JobQueue; source: JobQueue; nameOf: NameLetter };

/** Longer than a run: a message that stays is looked at once by it. */
const hiddenSeconds = 960;

const placeSchema = z.object({
  /** queues that are done */
  queues: z.int(),
  /** dead letters that there were at the beginning */
  total: z.int(),
  /** what came of the queues that are done, and of this one as far as it is emptied */
  result: redriveResult,
});
type Place = Readonly<z.infer<typeof placeSchema>>;

/**
 * Moves dead letters back to the queues that gave them up. Sent first and removed then, so that one may be sent twice and
 * none is lost; what works them off bears that. One that was sent after the operation was asked for stays: it may be one
 * of ours that failed again. `waitSeconds` (1 to 20) is how long an empty queue is listened to.
 */
export async function* redriveMessages(
  queues: readonly MendedQueue[],
  request: RedriveRequest,
  { operation, place }: Task,
  waitSeconds: number,
): Work {
  let at: Place = place === null ? await firstPlace(queues) : placeSchema.parse(place);
  const before = Date.parse(operation.createdAt);
  const wants = redriveFilter(request);
  for (const queue of queues.slice(at.queues)) {
    const stay: DeadMessage[] = [];
    try {
      for (;;) {
        const messages = await receiveDead(queue.dead, { hiddenSeconds, waitSeconds });
        if (messages.length === 0) break;
        const wanted = new Map<DeadMessage, LetterNames>();
        for (const message of messages) {
          const names = await queue.nameOf(message.body);
          const known = { ...names, others: [...names.others, message.id] };
          if (message.sentAt < before && wants(known)) wanted.set(message, known);
        }
        const sent = await sendAgain(queue.source, [...wanted.keys()]);
        await removeMessages(queue.dead, sent);
        stay.push(...messages.filter((message) => !sent.includes(message)));
        at = { ...at, result: sent.reduce((result, message) => counted(result, wanted.get(message)), at.result) };
        yield saved(at, stay.length);
      }
    } finally {
      await showMessages(queue.dead, stay);
    }
    at = { ...at, queues: at.queues + 1, result: { ...at.result, left: at.result.left + stay.length } };
  }
  const { progress } = saved(at, 0);
  return { progress: { ...progress, total: progress.done }, result: at.result };
}

async function firstPlace(queues: readonly MendedQueue[]): Promise<Place> {
  let total = 0;
  for (const { dead } of queues) total += await countMessages(dead);
  return { queues: 0, total, result: { redriven: 0, left: 0, conversations: [] } };
}

const counted = (result: RedriveResult, names: LetterNames | undefined): RedriveResult => ({
  ...{ redriven: result.redriven + 1, left: result.left },
  conversations: names ? withNames(result.conversations, names) : result.conversations,
});

/** `stay` are those of this queue that stay, which a later run looks at again. */
function saved(place: Place, stay: number): Saved {
  const done = place.result.redriven + place.result.left + stay;
  return { progress: { done, total: Math.max(place.total, done) }, estimateSeconds: null, place };
}

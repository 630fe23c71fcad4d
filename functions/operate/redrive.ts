import { type RedriveRequest, redriveRequest } from '#shared/domain/operation-redrive.ts';
import type { Store } from '#shared/storage/document-client.ts';
import type { Bucket } from '#shared/storage/media-objects.ts';
import { type Reader, redriveBatches } from './redrive-batches.ts';
import { type MendedQueue, redriveMessages } from './redrive-messages.ts';
import type { Runner } from './runner.ts';

/** Everywhere that work can fail, by the kind that a request names. */
export type DeadPlaces = {
  queues: Readonly<Record<'inbox' | 'media' | 'operations', readonly MendedQueue[]>>;
  readers: Readonly<Record<'publish' | 'participants', Reader>>;
  /** where the failed batches of the readers lie */
  deadLetters: Bucket;
  store: Store;
  /** how long an empty queue is listened to (seconds) */
  waitSeconds: number;
};

/** Does again what is in the dead letters of one kind. */
export const redriveRunner =
  ({ queues, readers, store, deadLetters, waitSeconds }: DeadPlaces): Runner =>
  (task) => {
    const request: RedriveRequest = redriveRequest.parse(task.operation.request);
    const { kind } = request;
    return kind === 'publish' || kind === 'participants'
      ? redriveBatches({ store, deadLetters }, readers[kind], request, task)
      : redriveMessages(queues[kind], request, task, waitSeconds);
  };

import { createHash } from 'node:crypto';
import type { Connection } from '#shared/domain/connections.ts';
import type { InboxJob } from '#shared/domain/delivery.ts';
import { ConfigInvalid } from '#shared/domain/errors.ts';
import { putInboxObject } from '#shared/storage/inbox-objects.ts';
import { bytesOf, type JobQueue, sendJobs } from '#shared/storage/job-queue.ts';
import type { Bucket } from '#shared/storage/media-objects.ts';

/** A delivery that was found genuine. */
export type Received = {
  connection: Connection;
  /** the sender's own id of it, where the signature covers that one */
  id: string | null;
  event: string | null;
  isSigned: boolean;
  text: string;
  /** our clock, milliseconds since 1970 */
  receivedAt: number;
};

/** Keeps a delivery: when it resolves, the delivery is durable. */
export type Keep = (received: Received) => Promise<void>;

/**
 * Largest job that stands in its message (bytes). SQS takes 256 KiB; the same job is sent again when it must wait, a little
 * longer then.
 */
const mostMessageBytes = 128 * 1024;

/** Keeps deliveries in the queue of their provider, large bodies in the bucket before that. */
export const openInbox =
  (bucket: Bucket, queues: ReadonlyMap<string, JobQueue>): Keep =>
  async ({ text, connection, ...received }) => {
    const queue = queues.get(connection.provider);
    if (!queue) throw new ConfigInvalid([`connection ${connection.id}: there is no inbox for ${connection.provider}`]);
    const { event, isSigned, receivedAt } = received;
    const key = deliveryKey({ ...received, connection: connection.id, text });
    const head = { connection: connection.id, key, event, isSigned, receivedAt, waits: 0 };
    const inMessage: InboxJob = { ...head, body: text };
    if (bytesOf(inMessage) <= mostMessageBytes) return sendJobs(queue, [inMessage]);
    const object = await putInboxObject(bucket, head, text);
    const inBucket: InboxJob = { ...head, object };
    return sendJobs(queue, [inBucket]);
  };

/**
 * What makes two deliveries one: the sender's id where the signature covers it, else event and body. What is not signed is
 * never the same as what is, so that nobody can have a genuine delivery taken for a repeat.
 */
export function deliveryKey(
  delivery: Pick<Received, 'id' | 'event' | 'isSigned' | 'text'> & { connection: string },
): string {
  const { connection, id, event, isSigned, text } = delivery;
  const parts = id === null ? [connection, isSigned, 'body', event, text] : [connection, isSigned, 'id', id];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
} from '@aws-sdk/client-sqs';
import type { JobQueue } from './job-queue.ts';

/** A message of a queue of dead letters, as it was sent to the queue that gave it up. */
export type DeadMessage = {
  id: string;
  body: string;
  /** when it was sent first, milliseconds since 1970 */
  sentAt: number;
  receipt: string;
};

/** Messages that one receipt, and one batch of anything else, takes. */
const batchLimit = 10;

/** How many messages lie in a queue, hidden ones included, by SQS's own estimate. */
export async function countMessages({ client, url }: JobQueue): Promise<number> {
  const names = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'] as const;
  const { Attributes = {} } = await client.send(
    new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: [...names] }),
  );
  return names.reduce((sum, name) => sum + Number(Attributes[name] ?? 0), 0);
}

/**
 * Up to ten messages, hidden from everybody for so many seconds. `waitSeconds` from 1 on asks every server of SQS, so that
 * none means that there is none.
 */
export async function receiveDead(
  { client, url }: JobQueue,
  { hiddenSeconds, waitSeconds }: Readonly<{ hiddenSeconds: number; waitSeconds: number }>,
): Promise<DeadMessage[]> {
  const { Messages = [] } = await client.send(
    new ReceiveMessageCommand({
      QueueUrl: url,
      MaxNumberOfMessages: batchLimit,
      VisibilityTimeout: hiddenSeconds,
      WaitTimeSeconds: waitSeconds,
      MessageSystemAttributeNames: ['SentTimestamp'],
    }),
  );
  return Messages.map(({ MessageId: id = '', Body: body = '', ReceiptHandle: receipt = '', Attributes = {} }) => ({
    ...{ id, body, receipt },
    sentAt: Number(Attributes.SentTimestamp ?? 0),
  }));
}

/** Bytes of bodies that are sent in one batch: SQS takes 1 MiB, and ten deliveries at their largest are more than that. */
const batchBytes = 262_144;

/** Sends up to ten messages to a queue just as they are, and gives those that it took. */
export async function sendAgain(queue: JobQueue, messages: readonly DeadMessage[]): Promise<DeadMessage[]> {
  const taken: DeadMessage[] = [];
  for (let rest = messages; rest.length > 0; ) {
    const count = countThatFits(rest);
    taken.push(...(await sendBatch(queue, rest.slice(0, count))));
    rest = rest.slice(count);
  }
  return taken;
}

/** How many of the first go together; one always goes. */
function countThatFits(messages: readonly DeadMessage[]): number {
  let bytes = 0;
  const count = messages.findIndex(({ body }) => {
    bytes += Buffer.byteLength(body);
    return bytes > batchBytes;
  });
  return count === -1 ? messages.length : Math.max(1, count);
}

async function sendBatch({ client, url }: JobQueue, messages: readonly DeadMessage[]): Promise<DeadMessage[]> {
  const Entries = messages.map(({ body }, i) => ({ Id: String(i), MessageBody: body }));
  const { Failed = [] } = await client.send(new SendMessageBatchCommand({ QueueUrl: url, Entries }));
  const refused = new Set(Failed.map(({ Id }) => Id));
  return messages.filter((_, i) => !refused.has(String(i)));
}

/** Removes up to ten messages; one that SQS does not remove shows again later. */
export async function removeMessages({ client, url }: JobQueue, messages: readonly DeadMessage[]): Promise<void> {
  if (messages.length === 0) return;
  const Entries = messages.map(({ receipt }, i) => ({ Id: String(i), ReceiptHandle: receipt }));
  await client.send(new DeleteMessageBatchCommand({ QueueUrl: url, Entries }));
}

/** Lets messages that were received be seen again at once. */
export async function showMessages({ client, url }: JobQueue, messages: readonly DeadMessage[]): Promise<void> {
  for (let i = 0; i < messages.length; i += batchLimit) {
    const Entries = messages
      .slice(i, i + batchLimit)
      .map(({ receipt }, n) => ({ Id: String(n), ReceiptHandle: receipt, VisibilityTimeout: 0 }));
    await client.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl: url, Entries }));
  }
}

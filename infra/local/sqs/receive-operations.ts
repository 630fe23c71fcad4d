import * as z from 'zod';
import { type JsonOperation, operation } from '../aws-json.ts';
import { account, nameOfArn } from '../template/arns.ts';
import { runBatch } from './batch.ts';
import { md5, md5OfAttributes, selectAttributes } from './message-attributes.ts';
import type { Message } from './message-store.ts';
import { numberAttribute } from './queue-attributes.ts';
import { requireQueue } from './queue-store.ts';
import type { SqsContext } from './sqs-context.ts';

const seconds = z.int().min(0).max(43_200);
const names = z.array(z.string()).optional();
const receiveSchema = z.strictObject({
  QueueUrl: z.string(),
  MaxNumberOfMessages: z.int().min(1).max(10).optional(),
  WaitTimeSeconds: z.int().min(0).max(20).optional(),
  VisibilityTimeout: seconds.optional(),
  AttributeNames: names,
  MessageSystemAttributeNames: names,
  MessageAttributeNames: names,
});
const receipt = { ReceiptHandle: z.string() };
const entryId = { Id: z.string().regex(/^[\w-]{1,80}$/) };

type ReceiveInput = z.output<typeof receiveSchema>;

export function receiveOperations(context: SqsContext): Record<string, JsonOperation> {
  const { database, messages, waiting } = context;
  const queueName = (url: string) => requireQueue(database, nameOfArn(url)).name;

  function changeVisibility(queue: string, handle: string, visibilitySeconds: number): object {
    messages.changeVisibility(queue, handle, visibilitySeconds);
    waiting.wake(queue);
    return {};
  }

  function remove(queue: string, handle: string): object {
    messages.remove(queue, handle);
    return {};
  }

  return {
    ReceiveMessage: operation(receiveSchema, async (input, left) => {
      const received = await receive(context, input, left);
      return received.length > 0 ? { Messages: received.map((message) => renderMessage(message, input)) } : {};
    }),
    DeleteMessage: operation(z.strictObject({ QueueUrl: z.string(), ...receipt }), ({ QueueUrl, ReceiptHandle }) =>
      remove(queueName(QueueUrl), ReceiptHandle),
    ),
    DeleteMessageBatch: operation(
      z.strictObject({ QueueUrl: z.string(), Entries: z.array(z.strictObject({ ...entryId, ...receipt })) }),
      ({ QueueUrl, Entries }) => {
        const queue = queueName(QueueUrl);
        return runBatch(Entries, (entry) => remove(queue, entry.ReceiptHandle));
      },
    ),
    ChangeMessageVisibility: operation(
      z.strictObject({ QueueUrl: z.string(), ...receipt, VisibilityTimeout: seconds }),
      ({ QueueUrl, ReceiptHandle, VisibilityTimeout }) =>
        changeVisibility(queueName(QueueUrl), ReceiptHandle, VisibilityTimeout),
    ),
    ChangeMessageVisibilityBatch: operation(
      z.strictObject({
        QueueUrl: z.string(),
        Entries: z.array(z.strictObject({ ...entryId, ...receipt, VisibilityTimeout: seconds })),
      }),
      ({ QueueUrl, Entries }) => {
        const queue = queueName(QueueUrl);
        return runBatch(Entries, (entry) => changeVisibility(queue, entry.ReceiptHandle, entry.VisibilityTimeout));
      },
    ),
  };
}

/** Waits for the first message as long as asked; a receiver that left takes none. */
async function receive(context: SqsContext, input: ReceiveInput, left: AbortSignal): Promise<Message[]> {
  const { database, messages, waiting, now } = context;
  const name = nameOfArn(input.QueueUrl);
  const { attributes } = requireQueue(database, name);
  const limit = input.MaxNumberOfMessages ?? 1;
  const visibility = input.VisibilityTimeout ?? numberAttribute(attributes, 'VisibilityTimeout');
  const wait = input.WaitTimeSeconds ?? numberAttribute(attributes, 'ReceiveMessageWaitTimeSeconds');
  const deadline = performance.now() + wait * 1000;
  while (!left.aborted && !context.closing.aborted) {
    const { received, moved } = messages.receive(name, attributes, limit, visibility);
    moved.forEach(waiting.wake);
    const remaining = deadline - performance.now();
    if (received.length > 0 || remaining <= 0) return received;
    const hidden = (messages.nextVisible(name) ?? Number.POSITIVE_INFINITY) - now();
    await waiting.sleep(name, Math.max(1, Math.min(remaining, hidden)), left);
  }
  return [];
}

function renderMessage(message: Message, input: ReceiveInput) {
  const own = selectAttributes(message.attributes, input.MessageAttributeNames ?? []);
  const asked = [...(input.MessageSystemAttributeNames ?? []), ...(input.AttributeNames ?? [])];
  const system = Object.entries(systemAttributes(message)).filter(
    ([name]) => asked.includes('All') || asked.includes(name),
  );
  return {
    MessageId: message.id,
    ReceiptHandle: message.receipt,
    Body: message.body,
    MD5OfBody: md5(message.body),
    ...(system.length > 0 && { Attributes: Object.fromEntries(system) }),
    ...(Object.keys(own).length > 0 && { MessageAttributes: own, MD5OfMessageAttributes: md5OfAttributes(own) }),
  };
}

function systemAttributes({ sent, receiveCount, firstReceived, trace, source }: Message): Record<string, string> {
  return {
    SenderId: account,
    SentTimestamp: String(sent),
    ApproximateReceiveCount: String(receiveCount),
    ApproximateFirstReceiveTimestamp: String(firstReceived),
    ...(trace !== null && { AWSTraceHeader: trace }),
    ...(source !== null && { DeadLetterQueueSourceArn: source }),
  };
}

import * as z from 'zod';
import { AwsError } from '../aws-error.ts';
import { type JsonOperation, operation } from '../aws-json.ts';
import { nameOfArn } from '../template/arns.ts';
import { runBatch } from './batch.ts';
import { attributeBytes, md5, md5OfAttributes, messageAttributesSchema } from './message-attributes.ts';
import { numberAttribute } from './queue-attributes.ts';
import { type Queue, requireQueue } from './queue-store.ts';
import type { SqsContext } from './sqs-context.ts';

const maxBatchBytes = 1_048_576;

const trace = z.strictObject({ AWSTraceHeader: z.object({ StringValue: z.string() }).optional() });
const message = {
  MessageBody: z.string().min(1),
  DelaySeconds: z.int().min(0).max(900).optional(),
  MessageAttributes: messageAttributesSchema.optional(),
  MessageSystemAttributes: trace.optional(),
};
const messageSchema = z.strictObject({ ...message, QueueUrl: z.string() });
const batchSchema = z.strictObject({
  QueueUrl: z.string(),
  Entries: z.array(z.strictObject({ ...message, Id: z.string().regex(/^[\w-]{1,80}$/) })),
});

type Sent = Omit<z.output<typeof messageSchema>, 'QueueUrl'>;

export function sendOperations(context: SqsContext): Record<string, JsonOperation> {
  return {
    SendMessage: operation(messageSchema, (input) => {
      return sendMessage(context, requireQueue(context.database, nameOfArn(input.QueueUrl)), input);
    }),
    SendMessageBatch: operation(batchSchema, ({ QueueUrl, Entries }) => {
      const queue = requireQueue(context.database, nameOfArn(QueueUrl));
      if (Entries.map(messageBytes).reduce((sum, bytes) => sum + bytes, 0) > maxBatchBytes) {
        throw new AwsError('BatchRequestTooLong', `Batch requests cannot be longer than ${maxBatchBytes} bytes.`);
      }
      return runBatch(Entries, (entry) => sendMessage(context, queue, entry));
    }),
  };
}

/** Durable when it returns. */
export function sendMessage({ messages, waiting }: SqsContext, queue: Queue, input: Sent) {
  const { MessageBody, MessageAttributes = {}, MessageSystemAttributes } = input;
  const limit = numberAttribute(queue.attributes, 'MaximumMessageSize');
  if (messageBytes(input) > limit) {
    throw new AwsError(
      'InvalidParameterValue',
      `One or more parameters are invalid: Message must be shorter than ${limit} bytes.`,
    );
  }
  if (/[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/u.test(MessageBody)) {
    throw new AwsError('InvalidMessageContents', 'The message contains characters outside the allowed set.');
  }
  const [id] = messages.send(queue.name, queue.attributes, [
    {
      body: MessageBody,
      attributes: MessageAttributes,
      ...(input.DelaySeconds !== undefined && { delaySeconds: input.DelaySeconds }),
      ...(MessageSystemAttributes?.AWSTraceHeader && { trace: MessageSystemAttributes.AWSTraceHeader.StringValue }),
    },
  ]);
  waiting.wake(queue.name);
  return {
    MessageId: id,
    MD5OfMessageBody: md5(MessageBody),
    MD5OfMessageAttributes: md5OfAttributes(MessageAttributes),
  };
}

function messageBytes({ MessageBody, MessageAttributes = {} }: Sent): number {
  return Buffer.byteLength(MessageBody) + attributeBytes(MessageAttributes);
}

import { setTimeout as delay } from 'node:timers/promises';
import { DeleteMessageBatchCommand, type Message, ReceiveMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { SQSRecord } from 'aws-lambda';
import { queueArn, region } from '#infra/local/template/arns.ts';
import type { QueueSource } from '#infra/local/template/description.ts';
import { readFailures } from './batch-answer.ts';
import type { LocalFunction } from './function-pool.ts';
import type { Consumer } from './stream-source.ts';

export type QueueConsumerOptions = {
  /** acts as the function */
  sqs: SQSClient;
  queueUrl: string;
  target: LocalFunction;
  /** whether a message fits one of the source's patterns; one that does not is dropped, as Lambda does */
  fits: (record: SQSRecord) => boolean;
  warn: (line: string) => void;
};

/** SQS gives at most this many messages at a time. */
const receiveLimit = 10;
const longPollSeconds = 10;

/** Polls a queue for a function. A message is deleted once it was dealt with; else it comes again when it is visible. */
export function startQueueConsumer(source: QueueSource, options: QueueConsumerOptions): Consumer {
  const stopping = new AbortController();
  const pollers = Array.from({ length: source.concurrency }, () => poll(source, options, stopping.signal));
  return {
    stop: async () => {
      stopping.abort();
      await Promise.all(pollers);
    },
  };
}

async function poll(source: QueueSource, options: QueueConsumerOptions, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      await pollOnce(source, options, signal);
    } catch (error) {
      if (signal.aborted) return;
      options.warn(`queue ${source.queue}: ${error instanceof Error ? error.name : 'unknown error'}`);
      await delay(1000, undefined, { signal }).catch(() => undefined);
    }
  }
}

async function pollOnce(
  source: QueueSource,
  { sqs, queueUrl: QueueUrl, target, fits }: QueueConsumerOptions,
  signal: AbortSignal,
): Promise<void> {
  const receive = new ReceiveMessageCommand({
    QueueUrl,
    MaxNumberOfMessages: Math.min(source.batchSize, receiveLimit),
    WaitTimeSeconds: longPollSeconds,
    MessageSystemAttributeNames: ['All'],
    MessageAttributeNames: ['All'],
  });
  const { Messages = [] } = await sqs.send(receive, { abortSignal: signal });
  const records = Messages.map((message) => toRecord(message, source.queue));
  const wanted = records.filter(fits);
  const failed = wanted.length === 0 ? [] : await failedOf(wanted, source, target);
  const done = records.filter(({ messageId }) => !failed.includes(messageId));
  if (done.length === 0) return;
  const Entries = done.map(({ receiptHandle }, i) => ({ Id: String(i), ReceiptHandle: receiptHandle }));
  await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
}

async function failedOf(
  records: readonly SQSRecord[],
  source: QueueSource,
  target: LocalFunction,
): Promise<readonly string[]> {
  const ids = records.map(({ messageId }) => messageId);
  return readFailures(await target.invoke({ Records: records }), source.reportsFailures, ids).failed ?? ids;
}

function toRecord(message: Message, queue: string): SQSRecord {
  const attributes = Object.entries(message.MessageAttributes ?? {});
  return {
    messageId: message.MessageId ?? '',
    receiptHandle: message.ReceiptHandle ?? '',
    body: message.Body ?? '',
    attributes: {
      ApproximateReceiveCount: '1',
      SentTimestamp: '0',
      SenderId: 'local',
      ApproximateFirstReceiveTimestamp: '0',
      ...message.Attributes,
    },
    messageAttributes: Object.fromEntries(
      attributes.map(([name, { StringValue, BinaryValue, DataType = 'String' }]) => [
        name,
        {
          dataType: DataType,
          ...(StringValue !== undefined && { stringValue: StringValue }),
          ...(BinaryValue && { binaryValue: Buffer.from(BinaryValue).toString('base64') }),
        },
      ]),
    ),
    md5OfBody: message.MD5OfBody ?? '',
    eventSource: 'aws:sqs',
    eventSourceARN: queueArn(queue),
    awsRegion: region,
  };
}

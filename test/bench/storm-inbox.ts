import {
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { startSqs } from '#infra/local/sqs/start-sqs.ts';
import { queueArn } from '#infra/local/template/arns.ts';
import { retrySeconds } from '#shared/domain/retry-seconds.ts';
import { deadLetterSuffix, mostReceives } from '#shared/facts/queues.ts';
import { type JobQueue, openJobQueue, retryAfter } from '#shared/storage/job-queue.ts';

export type StormInbox = {
  queue: JobQueue;
  /** hands over what can be seen, ten at a time, until nothing can; gives how many messages that was */
  drain: (work: (message: Message) => Promise<boolean>) => Promise<number>;
  /** messages that wait, seen or not, and those among the dead letters */
  left: () => Promise<{ waiting: number; dead: number }>;
  close: () => Promise<void>;
};

const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };

/** An inbox and its dead letters as the stack makes them, in the embedded SQS, read as Lambda does. */
export async function openStormInbox(dataDir: string, now: () => number): Promise<StormInbox> {
  const server = await startSqs({ dataDir, now });
  const client = new SQSClient({ endpoint: server.url, region: 'us-east-1', credentials, maxAttempts: 1 });
  const dead = `inbox${deadLetterSuffix}`;
  await client.send(new CreateQueueCommand({ QueueName: dead }));
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: queueArn(dead), maxReceiveCount: mostReceives });
  const Attributes = { VisibilityTimeout: '720', RedrivePolicy };
  await client.send(new CreateQueueCommand({ QueueName: 'inbox', Attributes }));
  const queue = openJobQueue(server.queueUrl('inbox'), client);
  const receive = new ReceiveMessageCommand({
    ...{ QueueUrl: queue.url, MaxNumberOfMessages: 10, MessageSystemAttributeNames: ['All'] },
  });

  const workOne = async (message: Message, work: (message: Message) => Promise<boolean>): Promise<Message[]> => {
    if (await work(message)) return [message];
    const seconds = retrySeconds(Number(message.Attributes?.['ApproximateReceiveCount']));
    await retryAfter(queue, message.ReceiptHandle ?? '', seconds);
    return [];
  };
  const countOf = async (name: string): Promise<number> => {
    const { Attributes: counts = {} } = await client.send(
      new GetQueueAttributesCommand({ QueueUrl: server.queueUrl(name), AttributeNames: ['All'] }),
    );
    return (['', 'Delayed', 'NotVisible'] as const).reduce(
      (sum, kind) => sum + Number(counts[`ApproximateNumberOfMessages${kind}`]),
      0,
    );
  };
  return {
    queue,
    drain: async (work) => {
      for (let handed = 0; ; ) {
        const { Messages = [] } = await client.send(receive);
        if (Messages.length === 0) return handed;
        handed += Messages.length;
        const done = (await Promise.all(Messages.map((message) => workOne(message, work)))).flat();
        const Entries = done.map(({ ReceiptHandle }, n) => ({ Id: String(n), ReceiptHandle }));
        if (done.length > 0) await client.send(new DeleteMessageBatchCommand({ QueueUrl: queue.url, Entries }));
      }
    },
    left: async () => ({ waiting: await countOf('inbox'), dead: await countOf(dead) }),
    close: async () => {
      client.destroy();
      await server.close();
    },
  };
}

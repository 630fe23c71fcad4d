import * as z from 'zod';
import { AwsError, notSupported } from '../aws-error.ts';
import { type JsonOperation, operation } from '../aws-json.ts';
import { nameOfArn, queueArn } from '../template/arns.ts';
import { type QueueAttributes, withDefaults } from './queue-attributes.ts';
import { createQueue, listQueueNames, requireQueue, setQueueAttributes } from './queue-store.ts';
import type { SqsContext } from './sqs-context.ts';

const attributesSchema = z.record(z.string(), z.string());
const maxQueuesPerPage = 1000;

/** Operations on queues as such. `url` gives the address of a queue. */
export function queueOperations(context: SqsContext, url: (name: string) => string): Record<string, JsonOperation> {
  const { database, messages, now } = context;
  return {
    CreateQueue: operation(
      z.strictObject({
        QueueName: z.string(),
        Attributes: attributesSchema.optional(),
        tags: attributesSchema.optional(),
      }),
      ({ QueueName, Attributes = {}, tags = {} }) => {
        if (QueueName.endsWith('.fifo')) throw notSupported('SQS FIFO queues');
        if (Object.keys(tags).length > 0) throw notSupported('SQS parameter tags of CreateQueue');
        if (!/^[\w-]{1,80}$/.test(QueueName))
          throw new AwsError('InvalidParameterValue', 'The queue name is not valid.');
        createQueue(database, QueueName, Attributes, now());
        return { QueueUrl: url(QueueName) };
      },
    ),
    GetQueueUrl: operation(z.strictObject({ QueueName: z.string() }), ({ QueueName }) => {
      requireQueue(database, QueueName);
      return { QueueUrl: url(QueueName) };
    }),
    GetQueueAttributes: operation(
      z.strictObject({ QueueUrl: z.string(), AttributeNames: z.array(z.string()).optional() }),
      ({ QueueUrl, AttributeNames = [] }) => {
        const all = describeQueue(context, nameOfArn(QueueUrl));
        const names = AttributeNames.includes('All') ? Object.keys(all) : AttributeNames;
        return { Attributes: Object.fromEntries(names.flatMap((name) => (all[name] ? [[name, all[name]]] : []))) };
      },
    ),
    SetQueueAttributes: operation(
      z.strictObject({ QueueUrl: z.string(), Attributes: attributesSchema }),
      ({ QueueUrl, Attributes }) => setQueueAttributes(database, nameOfArn(QueueUrl), Attributes, now()),
    ),
    PurgeQueue: operation(z.strictObject({ QueueUrl: z.string() }), ({ QueueUrl }) => {
      messages.purge(requireQueue(database, nameOfArn(QueueUrl)).name);
    }),
    ListQueues: operation(
      z.strictObject({
        QueueNamePrefix: z.string().optional(),
        MaxResults: z.int().min(1).max(maxQueuesPerPage).optional(),
        NextToken: z.string().optional(),
      }),
      ({ QueueNamePrefix = '', MaxResults = maxQueuesPerPage, NextToken = '' }) => {
        const names = listQueueNames(database).filter((name) => name.startsWith(QueueNamePrefix) && name > NextToken);
        const page = names.slice(0, MaxResults);
        const token = names.length > page.length ? page.at(-1) : undefined;
        return { QueueUrls: page.map(url), NextToken: token };
      },
    ),
  };
}

function describeQueue({ database, messages }: SqsContext, name: string): QueueAttributes {
  const queue = requireQueue(database, name);
  const { visible, inFlight, delayed } = messages.counts(name, queue.attributes);
  return {
    ...withDefaults(queue.attributes),
    QueueArn: queueArn(name),
    CreatedTimestamp: String(Math.floor(queue.created / 1000)),
    LastModifiedTimestamp: String(Math.floor(queue.modified / 1000)),
    ApproximateNumberOfMessages: String(visible),
    ApproximateNumberOfMessagesNotVisible: String(inFlight),
    ApproximateNumberOfMessagesDelayed: String(delayed),
  };
}

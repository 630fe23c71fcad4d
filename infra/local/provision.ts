import {
  type CloudWatchLogsClient,
  CreateLogGroupCommand,
  ResourceAlreadyExistsException,
} from '@aws-sdk/client-cloudwatch-logs';
import { CreateBucketCommand } from '@aws-sdk/client-s3';
import { CreateQueueCommand, QueueNameExists, SetQueueAttributesCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { Clients } from './clients.ts';
import { createTableFromDefinition } from './dynamodb/create-table.ts';
import { createSecret } from './keep-secrets.ts';
import { provisionEvents } from './provision-events.ts';
import { makeSecretValue } from './secret-value.ts';
import type { Description, Queue } from './template/description.ts';

/** Makes what the templates name and this data folder does not hold yet. What is there stays as it is. */
export async function provision(
  description: Description,
  clients: Clients,
  queueUrl: (name: string) => string,
): Promise<void> {
  const { tables, buckets, queues, secrets, logGroups } = description;
  await Promise.all([
    ...tables.map((table) => createTableFromDefinition(clients.dynamodb, table)),
    ...buckets.map(({ name }) => clients.s3.send(new CreateBucketCommand({ Bucket: name }))),
    ...secrets.map(({ name, value }) => createSecret(clients.secrets, { name, value: makeSecretValue(value) })),
    ...logGroups.map(({ name }) => createLogGroup(clients.logs, name)),
  ]);
  await provisionEvents(clients.events, description);
  // A queue is taken only when its dead-letter queue stands.
  const hasDeadLetters = ({ attributes }: Queue): number => Number('RedrivePolicy' in attributes);
  for (const queue of queues.toSorted((a, b) => hasDeadLetters(a) - hasDeadLetters(b)))
    await createQueue(clients.sqs, queue, queueUrl(queue.name));
}

async function createLogGroup(client: CloudWatchLogsClient, name: string): Promise<void> {
  try {
    await client.send(new CreateLogGroupCommand({ logGroupName: name }));
  } catch (error) {
    if (!(error instanceof ResourceAlreadyExistsException)) throw error;
  }
}

/** A queue whose attributes the template has changed since keeps its messages. */
async function createQueue(client: SQSClient, { name, attributes }: Queue, url: string): Promise<void> {
  try {
    await client.send(new CreateQueueCommand({ QueueName: name, Attributes: attributes }));
  } catch (error) {
    if (!(error instanceof QueueNameExists)) throw error;
    await client.send(new SetQueueAttributesCommand({ QueueUrl: url, Attributes: attributes }));
  }
}

import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  EventBridgeClient,
  type PutEventsCommandInput,
  type PutEventsCommandOutput,
} from '@aws-sdk/client-eventbridge';
import type { S3Client } from '@aws-sdk/client-s3';
import { type SendMessageBatchCommandInput, type SendMessageBatchCommandOutput, SQSClient } from '@aws-sdk/client-sqs';
import type { JobQueue } from '#shared/storage/job-queue.ts';
import { passGate } from './gate.ts';

/** Leads every call of a real client through the gate of the run that makes it. */
export function gated<Client extends DynamoDBClient | S3Client>(client: Client): Client {
  // The two clients' stacks differ in their input types only, which are not looked at.
  const stack = client.middlewareStack as DynamoDBClient['middlewareStack'];
  stack.add((next, context) => (input) => passGate(context.commandName ?? 'call', () => next(input)), {
    step: 'initialize',
  });
  return client;
}

const local = { region: 'us-east-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };

/** Ids of what was put on the bus, in its order, repeats included: for the first time, and again by a replay. */
export type Told = { eventIds: string[]; replayedIds: string[] };

export function gatedBus({ eventIds, replayedIds }: Told): EventBridgeClient {
  const client = new EventBridgeClient(local);
  client.middlewareStack.add(
    () => (call) =>
      passGate('PutEventsCommand', async () => {
        const { Entries: entries = [] } = call.input as PutEventsCommandInput;
        for (const { Detail: detail = '{}' } of entries) {
          const event: { id: string; replay?: string } = JSON.parse(detail);
          (event.replay === undefined ? eventIds : replayedIds).push(event.id);
        }
        const output: PutEventsCommandOutput = {
          $metadata: {},
          FailedEntryCount: 0,
          Entries: entries.map(() => ({ EventId: 'e' })),
        };
        return { output, response: {} };
      }) as never,
    { step: 'initialize' },
  );
  return client;
}

/** A job in a queue, from where it is not taken before the run that handles it has ended. */
export type Message<Job> = { job: Job; visibleAt: number; failures: number };

/** A queue that keeps its messages in memory, and what lies in it. */
export type Waiting<Job> = { messages: Message<Job>[]; queue: JobQueue };

export function gatedQueue<Job>(schema: { parse: (value: unknown) => Job }, now: () => number): Waiting<Job> {
  const messages: Message<Job>[] = [];
  const client = new SQSClient(local);
  client.middlewareStack.add(
    () => (call) =>
      passGate('SendMessageBatchCommand', async () => {
        const { Entries: entries = [] } = call.input as SendMessageBatchCommandInput;
        for (const { MessageBody: body = '', DelaySeconds: delay = 0 } of entries)
          messages.push({ job: schema.parse(JSON.parse(body)), visibleAt: now() + delay * 1_000, failures: 0 });
        const output: SendMessageBatchCommandOutput = { $metadata: {}, Successful: [], Failed: [] };
        return { output, response: {} };
      }) as never,
    { step: 'initialize' },
  );
  return { messages, queue: { client, url: 'https://queue.example' } };
}

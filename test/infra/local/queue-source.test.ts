import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { LocalFunction } from '#infra/local/lambda/function-pool.ts';
import { startQueueConsumer } from '#infra/local/lambda/queue-source.ts';
import type { Consumer } from '#infra/local/lambda/stream-source.ts';
import { localCredentials } from '#infra/local/local-credentials.ts';
import { type LocalSqs, startSqs } from '#infra/local/sqs/start-sqs.ts';
import { queueArn } from '#infra/local/template/arns.ts';

type Sent = { Records: { messageId: string; body: string }[] };

const folder = mkdtempSync(join(tmpdir(), 'earshot-queue-'));
let server: LocalSqs;
let sqs: SQSClient;
let consumer: Consumer | undefined;

beforeEach(async () => {
  server = await startSqs({ dataDir: folder });
  sqs = new SQSClient({ endpoint: server.url, region: 'us-east-1', credentials: localCredentials });
  const Attributes = { VisibilityTimeout: '0' };
  await sqs.send(new CreateQueueCommand({ QueueName: 'jobs', Attributes }));
});
afterEach(async () => {
  await consumer?.stop();
  sqs.destroy();
  await server.close();
  rmSync(folder, { recursive: true });
});

const source = {
  name: 's',
  function: 'f',
  queue: 'jobs',
  batchSize: 10,
  concurrency: 1,
  windowMs: 0,
  filters: [],
  reportsFailures: true,
};
const warn = (): void => undefined;

const send = (body: string) =>
  sqs.send(new SendMessageCommand({ QueueUrl: server.queueUrl('jobs'), MessageBody: body }));

async function left(queue = 'jobs'): Promise<string | undefined> {
  const AttributeNames = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'] as const;
  const answer = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: server.queueUrl(queue), AttributeNames: [...AttributeNames] }),
  );
  return AttributeNames.map((name) => answer.Attributes?.[name]).join('+');
}

test('messages that were dealt with go, those reported as failed come again, unwanted ones are dropped', async () => {
  for (const body of ['good', 'bad', 'unwanted']) await send(body);
  const seen: string[] = [];
  let refusals = 2;
  const target = {
    definition: { name: 'f' },
    invoke: async ({ Records }: Sent) => {
      seen.push(...Records.map(({ body }) => body));
      const failed = Records.filter(({ body }) => body === 'bad' && refusals-- > 0);
      const batchItemFailures = failed.map(({ messageId }) => ({ itemIdentifier: messageId }));
      return { kind: 'returned', payload: JSON.stringify({ batchItemFailures }) };
    },
  } as unknown as LocalFunction; // the two members that the consumer uses
  const fits = ({ body }: { body: string }) => body !== 'unwanted';
  consumer = startQueueConsumer(source, { sqs, queueUrl: server.queueUrl('jobs'), target, fits, warn });
  await expect.poll(() => left(), { timeout: 10_000 }).toBe('0+0');
  expect(seen.toSorted()).toEqual(['bad', 'bad', 'bad', 'good']);
});

test('a message that fails each time is given up to the dead letters after its last try', async () => {
  await sqs.send(new CreateQueueCommand({ QueueName: 'dead' }));
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: queueArn('dead'), maxReceiveCount: 3 });
  const command = { QueueUrl: server.queueUrl('jobs'), Attributes: { RedrivePolicy } };
  await sqs.send(new SetQueueAttributesCommand(command));
  await send('poison');
  let tries = 0;
  const target = {
    definition: { name: 'f' },
    invoke: async () => {
      tries++;
      return { kind: 'failed', error: { errorType: 'Broken', errorMessage: '' } };
    },
  } as unknown as LocalFunction; // the two members that the consumer uses
  consumer = startQueueConsumer(
    { ...source, batchSize: 1 },
    { sqs, queueUrl: server.queueUrl('jobs'), target, fits: () => true, warn },
  );
  await expect.poll(() => left('dead'), { timeout: 10_000 }).toBe('1+0');
  expect([tries, await left()]).toEqual([3, '0+0']);
});

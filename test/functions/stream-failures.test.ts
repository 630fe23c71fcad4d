import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { S3Client } from '@aws-sdk/client-s3';
import type { Context, DynamoDBStreamEvent } from 'aws-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, expect, it, vi } from 'vitest';
import { handler as index } from '#functions/index-participants/handler.ts';
import { handler as publish } from '#functions/publish/handler.ts';
import { step } from '#test/publish/stream-steps.ts';
import { captureLog } from '#test/support/captured-log.ts';
import { recordOf } from '#test/support/records.ts';

// The handlers read their environment when they are imported, and the logger its level.
vi.hoisted(() => {
  const environment = {
    ...{ POWERTOOLS_LOG_LEVEL: 'INFO', AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'k', AWS_SECRET_ACCESS_KEY: 's' },
    ...{ EARSHOT_TABLE: 't', EARSHOT_BUCKET: 'b', EARSHOT_BUS: 'earshot', EARSHOT_MEDIA_QUEUES: '{}' },
    EARSHOT_OPERATIONS_QUEUE: 'https://queues.example/operations',
  };
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
});

const log = captureLog();
const bus = mockClient(EventBridgeClient);
const bucket = mockClient(S3Client);

beforeEach(() => {
  bus.reset();
  bucket.reset();
});

const record = recordOf('c1');
const event: DynamoDBStreamEvent = { Records: [step(null, record)] };
// Neither handler looks at it.
const context = {} as Context;
const { uuid } = record.conversation;

it('names the conversation whose events could not be sent, and why', async () => {
  bus.on(PutEventsCommand).rejects(Object.assign(new Error('PRIVATE'), { name: 'AccessDeniedException' }));
  await expect(publish(event, context)).rejects.toThrow();
  expect(log.lines()).toMatchObject([{ message: 'failed', conversations: uuid, code: 'AccessDeniedException' }]);
  expect(log.text()).not.toContain('PRIVATE');
});

it('names the one that the bus refuses again and again', { timeout: 10_000 }, async () => {
  bus.on(PutEventsCommand).resolves({ FailedEntryCount: 1, Entries: [{ ErrorCode: 'ThrottlingException' }] });
  expect(await publish(event, context)).toEqual({
    batchItemFailures: [{ itemIdentifier: event.Records[0]?.dynamodb?.SequenceNumber }],
  });
  expect(log.lines()).toMatchObject([{ message: 'failed', conversations: uuid, code: 'Refused' }]);
});

it('says nothing where all went out', async () => {
  bus.on(PutEventsCommand).resolves({ FailedEntryCount: 0, Entries: [] });
  expect(await publish(event, context)).toEqual({ batchItemFailures: [] });
  expect(log.lines()).toEqual([]);
});

it('names the conversation whose rows could not be written', async () => {
  const broken: DynamoDBStreamEvent = {
    Records: [
      {
        ...event.Records[0],
        dynamodb: { ...event.Records[0]?.dynamodb, NewImage: { pk: { S: uuid }, sk: { S: 'conversation' } } },
      },
    ],
  };
  await expect(index(broken, context)).rejects.toThrow();
  expect(log.lines()).toMatchObject([{ message: 'failed', conversations: uuid }]);
});

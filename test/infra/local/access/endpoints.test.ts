import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as logs from '@aws-sdk/client-cloudwatch-logs';
import * as dynamodb from '@aws-sdk/client-dynamodb';
import * as events from '@aws-sdk/client-eventbridge';
import * as s3 from '@aws-sdk/client-s3';
import * as secrets from '@aws-sdk/client-secrets-manager';
import * as sqs from '@aws-sdk/client-sqs';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { type Access, openAccess } from '#infra/local/access/access.ts';
import { grantsOf } from '#infra/local/access/grants.ts';
import { type Endpoints, startEndpoints } from '#infra/local/endpoints.ts';
import { credentialsOf } from '#infra/local/local-credentials.ts';

const folder = mkdtempSync(join(tmpdir(), 'earshot-access-'));
const [table, bucket, queue] = ['table', 'files', 'jobs'];
const tableArn = `arn:aws:dynamodb:us-east-1:000000000000:table/${table}`;
const Key = { pk: { S: 'calls' }, sk: { S: 'a' } };
const foreign = { pk: { S: 'streams' }, sk: { S: 'a' } };

let access: Access;
let endpoints: Endpoints;
beforeAll(async () => {
  access = openAccess(() => undefined);
  const [onEvent, invoke, say] = [() => undefined, async () => undefined, () => undefined];
  endpoints = await startEndpoints({ folder, access, onEvent, invoke, say });
  const owner = clientsOf('local');
  const texts = ['pk', 'sk', 'cn'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' as const }));
  await owner.dynamodb.send(
    new dynamodb.CreateTableCommand({
      ...{ TableName: table, BillingMode: 'PAY_PER_REQUEST', AttributeDefinitions: texts },
      KeySchema: [keyOf('pk', 'HASH'), keyOf('sk', 'RANGE')],
      GlobalSecondaryIndexes: ['byStart', 'byDue'].map((IndexName) => ({
        ...{ IndexName, KeySchema: [keyOf('cn', 'HASH')], Projection: { ProjectionType: 'ALL' as const } },
      })),
    }),
  );
  await owner.s3.send(new s3.CreateBucketCommand({ Bucket: bucket }));
  for (const name of ['media/a', 'raw/a', 'raw/b'])
    await owner.s3.send(new s3.PutObjectCommand({ ...at(name), Body: 'x' }));
  await owner.sqs.send(new sqs.CreateQueueCommand({ QueueName: queue }));
  await owner.events.send(new events.CreateEventBusCommand({ Name: 'bus' }));
  for (const Name of ['own', 'other'])
    await owner.secrets.send(new secrets.CreateSecretCommand({ Name, SecretString: 'x' }));
  await owner.logs.send(new logs.CreateLogGroupCommand({ logGroupName: 'reads' }));
  await owner.logs.send(new logs.CreateLogGroupCommand({ logGroupName: 'others' }));
});
afterAll(async () => {
  await endpoints.close();
  rmSync(folder, { recursive: true });
});

const keyOf = (AttributeName: string, KeyType: 'HASH' | 'RANGE') => ({ AttributeName, KeyType });
const at = (name: string) => ({ Bucket: bucket, Key: name });

function clientsOf(name: string) {
  const { urls } = endpoints;
  const common = { region: 'us-east-1', credentials: credentialsOf(name), maxAttempts: 1 };
  return {
    dynamodb: new dynamodb.DynamoDBClient({ ...common, endpoint: urls.dynamodb }),
    s3: new s3.S3Client({ ...common, endpoint: urls.s3, forcePathStyle: true }),
    sqs: new sqs.SQSClient({ ...common, endpoint: urls.sqs }),
    events: new events.EventBridgeClient({ ...common, endpoint: urls.events }),
    secrets: new secrets.SecretsManagerClient({ ...common, endpoint: urls.secrets }),
    logs: new logs.CloudWatchLogsClient({ ...common, endpoint: urls.logs }),
  };
}

let f: ReturnType<typeof clientsOf>;
beforeEach(() => {
  f = clientsOf('f');
});

/** Gives the function `f` exactly this. */
function allow(
  actions: string[],
  resource: string,
  condition?: { key: 'dynamodb:LeadingKeys'; values: string[] },
): void {
  const conditions = condition ? [{ operator: 'ForAllValues:StringLike' as const, ...condition }] : [];
  access.admit([{ name: 'f', grants: grantsOf([{ effect: 'Allow', actions, resources: [resource], conditions }]) }]);
}

/** What the service answers instead of doing it. */
const refusal = (sent: Promise<unknown>): Promise<string> =>
  sent.then(
    () => 'done',
    (error: Error) => error.name,
  );

it('items are judged by the partition of each one, also in batches and queries', async () => {
  const calls = { key: 'dynamodb:LeadingKeys' as const, values: ['calls'] };
  const actions = ['GetItem', 'BatchGetItem', 'BatchWriteItem', 'PutItem', 'UpdateItem', 'DeleteItem', 'Query'];
  allow(
    actions.map((action) => `dynamodb:${action}`),
    tableArn,
    calls,
  );
  const on = { TableName: table };
  const query = (pk: string, KeyConditionExpression = 'pk = :pk') => ({
    ...on,
    KeyConditionExpression,
    ExpressionAttributeValues: { ':pk': { S: pk } },
  });
  const both = (key: typeof Key) => [
    f.dynamodb.send(new dynamodb.PutItemCommand({ ...on, Item: key })),
    f.dynamodb.send(new dynamodb.GetItemCommand({ ...on, Key: key })),
    f.dynamodb.send(new dynamodb.UpdateItemCommand({ ...on, Key: key })),
    f.dynamodb.send(new dynamodb.DeleteItemCommand({ ...on, Key: key })),
    f.dynamodb.send(new dynamodb.QueryCommand(query(key.pk.S))),
    f.dynamodb.send(
      new dynamodb.QueryCommand({ ...query(key.pk.S, '#p = :pk'), ExpressionAttributeNames: { '#p': 'pk' } }),
    ),
    f.dynamodb.send(
      new dynamodb.BatchGetItemCommand({ RequestItems: { [table]: { Keys: [{ ...key, sk: { S: 'z' } }, key] } } }),
    ),
    f.dynamodb.send(new dynamodb.BatchWriteItemCommand({ RequestItems: { [table]: [{ PutRequest: { Item: key } }] } })),
  ];
  expect(new Set(await Promise.all(both(Key).map(refusal)))).toEqual(new Set(['done']));
  expect(new Set(await Promise.all(both(foreign).map(refusal)))).toEqual(new Set(['AccessDeniedException']));
  const mixed = { [table]: { Keys: [Key, foreign] } };
  expect(await refusal(f.dynamodb.send(new dynamodb.BatchGetItemCommand({ RequestItems: mixed })))).toMatch(/Denied/);
  const deleting = { [table]: [{ PutRequest: { Item: Key } }, { DeleteRequest: { Key: foreign } }] };
  expect(await refusal(f.dynamodb.send(new dynamodb.BatchWriteItemCommand({ RequestItems: deleting })))).toMatch(/Den/);
  expect(await refusal(f.dynamodb.send(new dynamodb.ScanCommand(on)))).toBe('AccessDeniedException');
});

it('an index is a resource of its own', async () => {
  allow(['dynamodb:Query'], `${tableArn}/index/byStart`);
  const over = (IndexName: string | undefined) =>
    refusal(
      f.dynamodb.send(
        new dynamodb.QueryCommand({
          ...{ TableName: table, IndexName, KeyConditionExpression: `${IndexName ? 'cn' : 'pk'} = :v` },
          ExpressionAttributeValues: { ':v': { S: 'x' } },
        }),
      ),
    );
  expect([await over('byStart'), await over('byDue'), await over(undefined)]).toEqual([
    'done',
    'AccessDeniedException',
    'AccessDeniedException',
  ]);
});

it('objects are judged by bucket and key; what is not there is not told to somebody who may not list', async () => {
  allow(['s3:GetObject', 's3:PutObject'], `arn:aws:s3:::${bucket}/media/*`);
  expect(await refusal(f.s3.send(new s3.GetObjectCommand(at('media/a'))))).toBe('done');
  expect(await refusal(f.s3.send(new s3.GetObjectCommand(at('raw/a'))))).toBe('AccessDenied');
  expect(await refusal(f.s3.send(new s3.GetObjectCommand(at('media/none'))))).toBe('AccessDenied');
  expect(await refusal(f.s3.send(new s3.ListObjectsV2Command({ Bucket: bucket, Prefix: 'media/' })))).toBe(
    'AccessDenied',
  );
  const copy = (from: string) => new s3.CopyObjectCommand({ ...at('media/b'), CopySource: `${bucket}/${from}` });
  expect([await refusal(f.s3.send(copy('media/a'))), await refusal(f.s3.send(copy('raw/a')))]).toEqual([
    'done',
    'AccessDenied',
  ]);
  const { UploadId } = await f.s3.send(new s3.CreateMultipartUploadCommand(at('media/large')));
  const upload = { ...at('media/large'), UploadId };
  expect(await refusal(f.s3.send(new s3.UploadPartCommand({ ...upload, PartNumber: 1, Body: 'x' })))).toBe('done');
  expect(await refusal(f.s3.send(new s3.ListPartsCommand(upload)))).toBe('AccessDenied');
  expect(await refusal(f.s3.send(new s3.AbortMultipartUploadCommand(upload)))).toBe('AccessDenied');
  allow(['s3:*'], `arn:aws:s3:::${bucket}*`);
  expect(await refusal(f.s3.send(new s3.GetObjectCommand(at('media/none'))))).toBe('NoSuchKey');
});

it('of several objects those are deleted that may be', async () => {
  allow(['s3:DeleteObject'], `arn:aws:s3:::${bucket}/raw/a`);
  const Delete = { Objects: [{ Key: 'raw/a' }, { Key: 'raw/b' }] };
  const { Deleted, Errors } = await f.s3.send(new s3.DeleteObjectsCommand({ Bucket: bucket, Delete }));
  expect(Deleted).toMatchObject([{ Key: 'raw/a' }]);
  expect(Errors).toMatchObject([{ Key: 'raw/b', Code: 'AccessDenied' }]);
});

it('a link that somebody signed opens what its signer may read', async () => {
  const link = async (name: string) =>
    (await fetch(await getSignedUrl(f.s3, new s3.GetObjectCommand(at(name))))).status;
  allow(['s3:GetObject'], `arn:aws:s3:::${bucket}/media/*`);
  expect([await link('media/a'), await link('raw/b')]).toEqual([200, 403]);
  f = clientsOf('stranger');
  expect(await link('media/a')).toBe(403);
});

it('queues, buses, secrets and log groups: each by its name', async () => {
  const QueueUrl = endpoints.queueUrl(queue);
  const Entries = [{ Id: '1', MessageBody: 'x' }];
  allow(['sqs:SendMessage'], `arn:aws:sqs:us-east-1:000000000000:${queue}`);
  expect(await refusal(f.sqs.send(new sqs.SendMessageBatchCommand({ QueueUrl, Entries })))).toBe('done');
  expect(await refusal(f.sqs.send(new sqs.ReceiveMessageCommand({ QueueUrl })))).toBe('AccessDeniedException');
  const event = { Source: 's', DetailType: 't', Detail: '{}' };
  const put = (...buses: string[]) =>
    refusal(
      f.events.send(
        new events.PutEventsCommand({ Entries: buses.map((EventBusName) => ({ ...event, EventBusName })) }),
      ),
    );
  allow(['events:PutEvents'], 'arn:aws:events:us-east-1:000000000000:event-bus/bus');
  expect([await put('bus'), await put('bus', 'default')]).toEqual(['done', 'AccessDeniedException']);
  const read = (SecretId: string) => refusal(f.secrets.send(new secrets.GetSecretValueCommand({ SecretId })));
  allow(['secretsmanager:GetSecretValue'], 'arn:aws:secretsmanager:us-east-1:000000000000:secret:own-??????');
  expect([await read('own'), await read('other'), await read('none')]).toEqual([
    'done',
    'AccessDeniedException',
    'AccessDeniedException',
  ]);
  const stream = (logGroupName: string) =>
    refusal(f.logs.send(new logs.CreateLogStreamCommand({ logGroupName, logStreamName: 's' })));
  allow(['logs:CreateLogStream'], 'arn:aws:logs:us-east-1:000000000000:log-group:reads:*');
  expect([await stream('reads'), await stream('others')]).toEqual(['done', 'AccessDeniedException']);
});

it('somebody whom no role belongs to is refused everywhere', async () => {
  f = clientsOf('stranger');
  const answers = [
    f.dynamodb.send(new dynamodb.GetItemCommand({ TableName: table, Key })),
    f.s3.send(new s3.GetObjectCommand(at('media/a'))),
    f.sqs.send(new sqs.ListQueuesCommand({})),
  ];
  expect(await Promise.all(answers.map(refusal))).toEqual([
    'UnrecognizedClientException',
    'InvalidAccessKeyId',
    'UnrecognizedClientException',
  ]);
});

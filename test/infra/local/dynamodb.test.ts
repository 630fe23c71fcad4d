import { once } from 'node:events';
import {
  DeleteItemCommand,
  DeleteTableCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  GetItemCommand,
  ListTablesCommand,
  PutItemCommand,
  RestoreTableFromBackupCommand,
  TransactGetItemsCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import { expect, test } from 'vitest';
import { createTableFromDefinition } from '#infra/local/dynamodb/create-table.ts';
import { openDatabase } from '#infra/local/dynamodb/database.ts';
import { dynaliteVersion } from '#infra/local/dynamodb/dynalite.ts';
import { startDynamodb } from '#infra/local/dynamodb/endpoint.ts';
import { prefixes, under, valueStream } from '#infra/local/dynamodb/rows.ts';
import { indexes } from '#shared/facts/table.ts';
import { queryAll, scanAll } from '#test/support/feed-replay.ts';
import { client, clock, close, dataDir, endpoint, open, start, table } from '#test/support/restarting-dynamodb.ts';
import { createEarshotTable } from '#test/support/table.ts';

function key(name: string) {
  return { pk: { S: name }, sk: { S: 'conversation' } };
}

async function putExpiring(name: string, expiry: number): Promise<void> {
  const item = { ...key(name), ttl: { N: String(expiry) }, cn: { S: 'east' }, st: { S: name } };
  await client.send(new PutItemCommand({ TableName: table, Item: item }));
}

test('the deep imports are written for one version of dynalite', () => {
  expect(dynaliteVersion).toBe('4.0.0');
});

test('tables, items and settings survive a restart, and creating them again changes nothing', async () => {
  await putExpiring('a', start / 1000 + 60);
  const before = await client.send(new DescribeTableCommand({ TableName: table }));
  await close();
  await open();
  await createEarshotTable(client, table);
  const { Table: after } = await client.send(new DescribeTableCommand({ TableName: table }));
  expect(after).toEqual(before.Table);
  expect(after?.TableStatus).toBe('ACTIVE');
  expect(after?.StreamSpecification).toEqual({ StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' });
  expect(await scanAll(client, table)).toHaveLength(1);
  const ttl = await client.send(new DescribeTimeToLiveCommand({ TableName: table }));
  expect(ttl.TimeToLiveDescription).toEqual({ TimeToLiveStatus: 'ENABLED', AttributeName: 'ttl' });
});

test('the tables are listed, however many items there are', async () => {
  for (const name of ['a', 'b', 'c']) await putExpiring(name, 1);
  await createTableFromDefinition(client, { name: 'another', keys: { partition: 'pk' }, indexes: [] });
  const { TableNames: names } = await client.send(new ListTablesCommand({ Limit: 100 }));
  expect(names).toEqual(['another', table]);
});

test('a deleted table leaves nothing behind for its successor', async () => {
  await putExpiring('a', 1);
  await client.send(new DeleteTableCommand({ TableName: table }));
  await expect.poll(async () => (await client.send(new ListTablesCommand({}))).TableNames).toEqual([]);
  await createEarshotTable(client, table);
  expect(await scanAll(client, table)).toEqual([]);
  expect(await scanAll(client, table, indexes.byStart.name)).toEqual([]);
  expect(await endpoint.feed.read(table, '', 10)).toEqual([]);
});

test.each<[string, (more: object) => Promise<unknown>]>([
  ['put', (more) => client.send(new PutItemCommand({ TableName: table, Item: key('a'), ...more }))],
  ['update', (more) => client.send(new UpdateItemCommand({ TableName: table, Key: key('a'), ...more }))],
  ['delete', (more) => client.send(new DeleteItemCommand({ TableName: table, Key: key('a'), ...more }))],
])('a refused %s gives the item back when asked to', async (_name, send) => {
  const item = { ...key('a'), v: { N: '7' } };
  await client.send(new PutItemCommand({ TableName: table, Item: item }));
  const condition = { ConditionExpression: 'v < :v', ExpressionAttributeValues: { ':v': { N: '7' } } };
  const failure = { name: 'ConditionalCheckFailedException' };
  const asked = { ...condition, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' };
  await expect(send(asked)).rejects.toMatchObject({ ...failure, Item: item });
  await expect(send(condition)).rejects.toMatchObject({ ...failure, Item: undefined });
});

test('an expired item is deleted by the service, and only that one', async () => {
  const second = start / 1000;
  await putExpiring('past', second - 1);
  await putExpiring('future', second + 100);
  await putExpiring('prolonged', second - 1);
  await putExpiring('prolonged', second + 100);
  await putExpiring('absurd', second - 6 * 365 * 86_400);
  expect(await endpoint.sweepExpired()).toBe(1);
  const left = await queryAll(client, table, indexes.byStart, 'east');
  expect(left.map((row) => row['pk']?.S)).toEqual(['absurd', 'future', 'prolonged']);
  const last = (await endpoint.feed.read(table, '', 10)).at(-1);
  expect(last?.eventName).toBe('REMOVE');
  expect(last?.dynamodb.OldImage?.['pk']).toEqual({ S: 'past' });
  expect(last?.userIdentity).toEqual({ type: 'Service', principalId: 'dynamodb.amazonaws.com' });

  await close();
  await open();
  clock.now += 101_000;
  expect(await endpoint.sweepExpired()).toBe(2);
  expect(await endpoint.sweepExpired()).toBe(0);
});

test('an item whose life was prolonged while it was being swept stays', async () => {
  await putExpiring('a', start / 1000 + 100);
  await close();
  const { root } = await openDatabase({ dataDir, now: Date.now, committed: () => {} });
  // what a sweep under way still sees: the row of the item's earlier, passed expiry
  for await (const [row, name] of root.iterator<string>(under(prefixes.expiries(table)))) {
    await root.put(row.replace(String(start / 1000 + 100), String(start / 1000 - 1)), name);
  }
  await root.close();
  await open();
  expect(await endpoint.sweepExpired()).toBe(0);
  expect(await scanAll(client, table)).toHaveLength(1);
});

test('time to live switched on later reaches the items that are there, and switched off it deletes nothing', async () => {
  await createTableFromDefinition(client, { name: 'later', keys: { partition: 'pk' }, indexes: [] });
  await client.send(new PutItemCommand({ TableName: 'later', Item: { pk: { S: 'a' }, gone: { N: '1700000000' } } }));
  const set = (enabled: boolean) =>
    client.send(
      new UpdateTimeToLiveCommand({
        TableName: 'later',
        TimeToLiveSpecification: { AttributeName: 'gone', Enabled: enabled },
      }),
    );
  await set(true);
  await expect(set(true)).rejects.toThrow('TimeToLive is already enabled');
  await set(false);
  expect(await endpoint.sweepExpired()).toBe(0);
  await set(true);
  expect(await endpoint.sweepExpired()).toBe(1);
});

test.each([
  ['TransactWriteItems', () => client.send(new TransactWriteItemsCommand({ TransactItems: [] }))],
  ['TransactGetItems', () => client.send(new TransactGetItemsCommand({ TransactItems: [] }))],
  [
    'RestoreTableFromBackup',
    () => client.send(new RestoreTableFromBackupCommand({ TargetTableName: 'abc', BackupArn: 'x'.repeat(40) })),
  ],
])('%s is refused by name', async (name, send) => {
  await expect(send()).rejects.toMatchObject({
    name: 'UnknownOperationException',
    message: `${name} is not supported by the embedded DynamoDB`,
  });
});

test('a request that is no JSON, or for no known table, is refused as DynamoDB refuses it', async () => {
  const headers = { 'x-amz-target': 'DynamoDB_20120810.GetItem', authorization: 'AWS4-HMAC-SHA256 x' };
  const response = await fetch(endpoint.url, { method: 'POST', headers, body: '{' });
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ __type: 'com.amazon.coral.service#SerializationException' });
  await expect(client.send(new GetItemCommand({ TableName: 'nobody', Key: key('a') }))).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
  });
});

test('a folder belongs to one process at a time', async () => {
  await expect(startDynamodb({ dataDir })).rejects.toThrow();
});

test('a table that a killed process left half created or half deleted is settled at the next start', async () => {
  const { Table: described } = await client.send(new DescribeTableCommand({ TableName: table }));
  await putExpiring('a', 1);
  await close();
  const { root } = await openDatabase({ dataDir, now: Date.now, committed: () => {} });
  const record = (await root.get<object>(`table~${table}`)) ?? {};
  await root.put('table~half-made', { ...record, TableName: 'half-made', TableStatus: 'CREATING' });
  await root.put(`table~${table}`, { ...record, TableStatus: 'DELETING' });
  await root.close();
  await open();
  expect((await client.send(new ListTablesCommand({}))).TableNames).toEqual(['half-made']);
  const { Table: settled } = await client.send(new DescribeTableCommand({ TableName: 'half-made' }));
  expect(settled).toMatchObject({ TableStatus: 'ACTIVE', KeySchema: described?.KeySchema });
  await createEarshotTable(client, table);
  expect(await scanAll(client, table)).toEqual([]);
});

test('a stream of rows that is destroyed early closes its iterator', async () => {
  let closed = false;
  async function* rows() {
    try {
      for (let count = 0; ; count += 1) yield count;
    } finally {
      closed = true;
    }
  }
  const stream = valueStream(rows());
  await once(stream, 'readable');
  stream.destroy();
  await once(stream, 'close');
  expect(closed).toBe(true);
});

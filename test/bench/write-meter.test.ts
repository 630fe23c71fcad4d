import { ConditionalCheckFailedException, DeleteTableCommand } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { documentsOver } from '#shared/storage/document-client.ts';
import { type TestDynamodb, testDynamodb } from '#test/support/dynamodb.ts';
import { meterWrites, type Write } from './write-meter.ts';

let dynamodb: TestDynamodb;
let writes: Write[];
let documents: ReturnType<typeof documentsOver>;
beforeAll(async () => {
  dynamodb = await testDynamodb();
});
afterAll(() => dynamodb.close());
beforeEach(() => {
  const client = dynamodb.another();
  writes = meterWrites(client, dynamodb.client);
  documents = documentsOver(client);
});

const bill = (): [string, number, boolean][] =>
  writes.map(({ command, units, changed }) => [command, units.total, changed]);
const put = (sk: string, size: number) =>
  new PutCommand({ TableName: dynamodb.table, Item: { pk: 'p', sk, x: new Uint8Array(size) } });
const of = (sk: string) => ({ TableName: dynamodb.table, Key: { pk: 'p', sk } });

it('bills each write by the item before and after, and reads not at all', async () => {
  await documents.send(put('grows', 100));
  await documents.send(put('grows', 2_000));
  await documents.send(new GetCommand(of('grows')));
  await documents.send(new DeleteCommand(of('grows')));
  expect(bill()).toEqual([
    ['PutItemCommand', 1, true],
    ['PutItemCommand', 2, true],
    ['DeleteItemCommand', 2, true],
  ]);
});

it('bills a refused write and one that changes nothing', async () => {
  await documents.send(put('stays', 1_500));
  await documents.send(put('stays', 1_500));
  const refused = new UpdateCommand({
    ...of('stays'),
    UpdateExpression: 'SET y = :y',
    ConditionExpression: 'z = :y',
    ExpressionAttributeValues: { ':y': 1 },
  });
  await expect(documents.send(refused)).rejects.toBeInstanceOf(ConditionalCheckFailedException);
  await documents.send(new DeleteCommand(of('was never there')));
  expect(bill()).toEqual([
    ['PutItemCommand', 2, true],
    ['PutItemCommand', 2, false],
    ['UpdateItemCommand', 2, false],
    ['DeleteItemCommand', 1, false],
  ]);
});

it('names the attributes that an expression sets', async () => {
  const update = {
    UpdateExpression: 'SET #c = :c',
    ExpressionAttributeNames: { '#c': 'checkpoint' },
    ExpressionAttributeValues: { ':c': 1 },
  };
  await documents.send(new UpdateCommand({ ...of('stream'), ...update }));
  expect(writes).toMatchObject([{ partition: 'p', sort: 'stream', attributes: ['checkpoint'] }]);
});

it('refuses a command that it does not know, so that no write goes unbilled', async () => {
  await expect(documents.send(new DeleteTableCommand({ TableName: dynamodb.table }))).rejects.toThrow(
    'the meter does not know DeleteTableCommand',
  );
});

import {
  type AttributeValue,
  ConditionalCheckFailedException,
  GetItemCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll } from 'vitest';
import { type TestDynamodb, testDynamodb } from './dynamodb.ts';

/*
 * A table for the tests of what the storage code expects of DynamoDB, test/storage/dynamodb-*.test.ts: opened before
 * those of a file, dropped behind them. The same files run against the embedded endpoint and, in the conformance run,
 * against DynamoDB Local, so that the embedded one cannot drift away unseen.
 */
export type Item = Record<string, AttributeValue>;

export let db: TestDynamodb;

/** To be called once by a test file: opens all this before its tests and closes it behind them. */
export function setUpItems(): void {
  beforeAll(async () => {
    db = await testDynamodb();
  });
  afterAll(async () => {
    await db.close();
  });
}

export function key(name: string) {
  return { pk: { S: name }, sk: { S: 'conversation' } };
}

export function put(item: Item, condition?: { expression: string; values?: Item }) {
  return db.client.send(
    new PutItemCommand({
      TableName: db.table,
      Item: item,
      ConditionExpression: condition?.expression,
      ExpressionAttributeValues: condition?.values,
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    }),
  );
}

export async function get(name: string): Promise<Item | undefined> {
  const input = { TableName: db.table, Key: key(name), ConsistentRead: true };
  return (await db.client.send(new GetItemCommand(input))).Item;
}

export async function outcome(work: Promise<unknown>): Promise<string> {
  return await work.then(
    () => 'done',
    (error: unknown) => (error instanceof ConditionalCheckFailedException ? 'refused' : String(error)),
  );
}

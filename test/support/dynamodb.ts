import { randomUUID } from 'node:crypto';
import { DeleteTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { openEmbedded } from './embedded-dynamodb.ts';
import { createEarshotTable } from './table.ts';

export type TestDynamodb = {
  client: DynamoDBClient;
  table: string;
  /** a further client of the same data */
  another: () => DynamoDBClient;
  close(): Promise<void>;
};

/**
 * A fresh, empty table of the project's shape. By default in an embedded DynamoDB of its own, in memory and without a
 * network in between; with EARSHOT_TEST_DYNAMODB_URL at that address (the conformance run sets it to DynamoDB Local).
 */
export async function testDynamodb(): Promise<TestDynamodb> {
  const url = process.env['EARSHOT_TEST_DYNAMODB_URL'];
  const another = url === undefined ? (await openEmbedded()).client : () => testDynamodbClient(url);
  const client = another();
  const table = `earshot-${randomUUID()}`;
  await createEarshotTable(client, table);
  const close = async (): Promise<void> => {
    if (url !== undefined) await client.send(new DeleteTableCommand({ TableName: table }));
    client.destroy();
  };
  return { client, table, another, close };
}

/** One attempt only, so that no retry hides a fault. */
export function testDynamodbClient(url: string): DynamoDBClient {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  return new DynamoDBClient({ endpoint: url, region: 'us-east-1', credentials, maxAttempts: 1 });
}

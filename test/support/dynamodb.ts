import { randomUUID } from 'node:crypto';
import { DeleteTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { startDynamodb } from '#infra/local/dynamodb/endpoint.ts';
import { createEarshotTable } from './table.ts';

export type TestDynamodb = { client: DynamoDBClient; url: string; table: string; close(): Promise<void> };

/**
 * A fresh, empty table of the project's shape. By default on an embedded endpoint of its own, in memory; with
 * EARSHOT_TEST_DYNAMODB_URL at that address (the conformance run sets it to DynamoDB Local).
 */
export async function testDynamodb(): Promise<TestDynamodb> {
  const given = process.env['EARSHOT_TEST_DYNAMODB_URL'];
  const embedded = given === undefined ? await startDynamodb({ dataDir: null }) : null;
  const url = embedded?.url ?? given ?? '';
  const client = testDynamodbClient(url);
  const table = `earshot-${randomUUID()}`;
  await createEarshotTable(client, table);
  const close = async (): Promise<void> => {
    if (embedded === null) await client.send(new DeleteTableCommand({ TableName: table }));
    client.destroy();
    await embedded?.close();
  };
  return { client, url, table, close };
}

/** One attempt only, so that no retry hides a fault. */
export function testDynamodbClient(url: string): DynamoDBClient {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  return new DynamoDBClient({ endpoint: url, region: 'us-east-1', credentials, maxAttempts: 1 });
}

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach } from 'vitest';
import { type DynamodbEndpoint, startDynamodb } from '#infra/local/dynamodb/endpoint.ts';
import { testDynamodbClient } from './dynamodb.ts';
import { createEarshotTable } from './table.ts';

/**
 * The embedded DynamoDB on a folder, with the project's table and a clock to be set: a new one for each test, which may
 * close it and open it again.
 */

export const table = 'earshot-restarting';
export const start = Date.UTC(2026, 2, 2);
export const clock = { now: start };
export let dataDir: string;
export let endpoint: DynamodbEndpoint;
export let client: DynamoDBClient;

beforeEach(async () => {
  clock.now = start;
  dataDir = await mkdtemp(join(tmpdir(), 'earshot-dynamodb-'));
  await open();
  await createEarshotTable(client, table);
});

afterEach(async () => {
  await close();
  await rm(dataDir, { recursive: true, force: true });
});

export async function open(): Promise<void> {
  endpoint = await startDynamodb({ dataDir, now: () => clock.now });
  client = testDynamodbClient(endpoint.url);
}

export async function close(): Promise<void> {
  client.destroy();
  await endpoint.close();
}

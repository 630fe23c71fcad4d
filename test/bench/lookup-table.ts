import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { BatchWriteCommand } from '@aws-sdk/lib-dynamodb';
import type { StoredConversation } from '#shared/domain/conversation.ts';
import { formatInstant } from '#shared/domain/instant.ts';
import { packConversation } from '#shared/storage/conversation-item.ts';
import { hashOf } from '#shared/storage/conversations.ts';
import { documentsOver, type Store } from '#shared/storage/document-client.ts';
import { participantRows } from '#shared/storage/participant-rows.ts';
import { connectionsFile, lookupOver, type TestLookup } from '#test/functions/lookup/lookup-harness.ts';
import { testDynamodbClient } from '#test/support/dynamodb.ts';
import { epoch, recordOf } from '#test/support/records.ts';
import { createEarshotTable } from '#test/support/table.ts';
import { startChild } from './children.ts';

/** What the store was asked while something ran. */
export type Asked = { calls: number; rows: number };

export type LookupBench = {
  client: DynamoDBClient;
  table: string;
  lookup: TestLookup;
  /** of a client that may read records and content */
  token: string;
  stored: readonly StoredConversation[];
  /** runs something and tells what it asked of the store */
  asking: (work: () => Promise<unknown>) => Promise<Asked>;
  close: () => Promise<void>;
};

const table = 'lookup';
const batch = 25;

/** A table of conversations of one connection, a minute apart, in a process of its own, with the lookup over it. */
export async function openLookupBench(count: number): Promise<LookupBench> {
  const folder = await mkdtemp(join(tmpdir(), 'earshot-bench-'));
  const dynamodb = await startChild('../support/dynamodb-process.ts', folder);
  const client = testDynamodbClient(dynamodb.url);
  await createEarshotTable(client, table);
  const objects = new S3Client({
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  const store: Store = { documents: documentsOver(client), table, objects, bucket: 'bench' };
  const stored = await fill(store, count);
  const asked = { calls: 0, rows: 0 };
  client.middlewareStack.add(
    (next) => async (args) => {
      asked.calls += 1;
      const answer = await next(args);
      const output: unknown = answer.output;
      if (typeof output === 'object' && output !== null) asked.rows += Number(Reflect.get(output, 'ScannedCount') ?? 0);
      return answer;
    },
    { step: 'initialize' },
  );
  // So many calls a minute that counting them is a write for each million.
  const clients = [
    { clientId: 'crm', clientSecret: 'c', scopes: ['interaction-content:read' as const], perMinute: 20_000_000 },
  ];
  const lookup = lookupOver(store, { now: epoch + 86_400_000 }, { ...connectionsFile, clients });
  return {
    ...{ client, table, lookup, stored },
    token: await lookup.token('crm'),
    asking: async (work) => {
      const before = { ...asked };
      await work();
      return { calls: asked.calls - before.calls, rows: asked.rows - before.rows };
    },
    close: async () => {
      client.destroy();
      dynamodb.stop();
      await rm(folder, { recursive: true });
    },
  };
}

async function fill(store: Store, count: number): Promise<StoredConversation[]> {
  const stored: StoredConversation[] = [];
  for (let from = 0; from < count; from += batch) {
    const records = Array.from({ length: Math.min(batch, count - from) }, (_, i) => {
      const at = formatInstant(epoch - (from + i) * 60_000);
      const record = recordOf(`call-${from + i}`);
      return { ...record, conversation: { ...record.conversation, startedAt: at, updatedAt: at } };
    });
    const items = records.map((record) => packConversation(record, hashOf(record).hash, null));
    const rows = items.flatMap((item) => participantRows({ before: null, after: item }, epoch));
    for (const written of [items, rows]) {
      const puts = written.map((item) => ({ PutRequest: { Item: { ...item } } }));
      await store.documents.send(new BatchWriteCommand({ RequestItems: { [store.table]: puts } }));
    }
    stored.push(...records.map(({ conversation }) => conversation));
  }
  return stored;
}

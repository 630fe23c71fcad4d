import { paginateQuery } from '@aws-sdk/lib-dynamodb';
import { indexes, tableKeys } from '#shared/facts/table.ts';
import type { Store } from './document-client.ts';
import { quarantinePartition } from './quarantine-key.ts';

/** A count and how many queries it took: each reads a megabyte, so a large partition is dear to count. */
export type RowCount = { count: number; queries: number };

export const countConversations = (store: Pick<Store, 'documents' | 'table'>, connection: string): Promise<RowCount> =>
  countPartition(store, { name: indexes.byStart.name, partition: indexes.byStart.partition }, connection);

export const countQuarantined = (store: Pick<Store, 'documents' | 'table'>, connection: string): Promise<RowCount> =>
  countPartition(store, { name: undefined, partition: tableKeys.partition }, quarantinePartition(connection));

async function countPartition(
  store: Pick<Store, 'documents' | 'table'>,
  index: { name: string | undefined; partition: string },
  value: string,
): Promise<RowCount> {
  const input = {
    TableName: store.table,
    IndexName: index.name,
    KeyConditionExpression: '#partition = :value',
    ExpressionAttributeNames: { '#partition': index.partition },
    ExpressionAttributeValues: { ':value': value },
    Select: 'COUNT' as const,
  };
  let count = 0;
  let queries = 0;
  for await (const page of paginateQuery({ client: store.documents }, input)) {
    count += page.Count ?? 0;
    queries += 1;
  }
  return { count, queries };
}

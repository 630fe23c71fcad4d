import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createTableFromDefinition } from '#infra/local/dynamodb/create-table.ts';
import { indexes, projectedAttributes, tableKeys } from '#shared/facts/table.ts';

/** The project's table as the storage stack defines it, made by hand so that storage tests need no template. */
export async function createEarshotTable(client: DynamoDBClient, name: string): Promise<void> {
  const timeIndexes = [indexes.byStart, indexes.byUpdate].map((index) => ({ ...index, include: projectedAttributes }));
  await createTableFromDefinition(client, {
    name,
    keys: tableKeys,
    indexes: [...timeIndexes, { ...indexes.byDue, include: 'keys' }],
    ttl: 'ttl',
    stream: 'NEW_AND_OLD_IMAGES',
  });
}

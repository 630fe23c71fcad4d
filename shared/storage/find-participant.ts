import { paginateQuery } from '@aws-sdk/lib-dynamodb';
import { itemAttributes as a, tableKeys } from '#shared/facts/table.ts';
import type { Store } from './document-client.ts';
import { participantPartition } from './participant-rows.ts';

/** The uuids of all conversations of these connections that a participant is found in; more than `most` are not looked for. */
export async function uuidsOfParticipant(
  { documents, table }: Pick<Store, 'documents' | 'table'>,
  connections: readonly string[],
  participant: string,
  most: number,
): Promise<string[]> {
  const found = new Set<string>();
  for (const connection of connections) {
    const input = {
      TableName: table,
      KeyConditionExpression: '#pk = :pk',
      // A marker says that it is not there any more.
      FilterExpression: 'attribute_exists(#record)',
      ProjectionExpression: '#sk',
      ExpressionAttributeNames: { '#pk': tableKeys.partition, '#sk': tableKeys.sort, '#record': a.record },
      ExpressionAttributeValues: { ':pk': participantPartition(connection, participant) },
    };
    for await (const { Items: rows = [] } of paginateQuery({ client: documents }, input)) {
      for (const row of rows) found.add(String(row[tableKeys.sort]).split('#').at(-1) ?? '');
      if (found.size > most) return [...found];
    }
  }
  return [...found];
}

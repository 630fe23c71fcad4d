import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { callsPartition, tableKeys } from '#shared/facts/table.ts';
import type { Store } from './document-client.ts';

const minuteMs = 60_000;
/** How long a count outlives its minute (seconds). */
const keptSeconds = 3_600;

/**
 * Adds to the calls of a client in a minute (minutes since 1970) and answers how many all instances have told so far.
 * One small write.
 */
export async function addCalls(
  { documents, table }: Pick<Store, 'documents' | 'table'>,
  client: string,
  minute: number,
  calls: number,
): Promise<number> {
  const { Attributes } = await documents.send(
    new UpdateCommand({
      TableName: table,
      Key: { [tableKeys.partition]: callsPartition, [tableKeys.sort]: `${client}#${minute}` },
      UpdateExpression: 'ADD calls :calls SET #ttl = :ttl',
      ExpressionAttributeNames: { '#ttl': 'ttl' },
      ExpressionAttributeValues: { ':calls': calls, ':ttl': ((minute + 1) * minuteMs) / 1_000 + keptSeconds },
      ReturnValues: 'UPDATED_NEW',
    }),
  );
  const total: unknown = Attributes?.['calls'];
  if (typeof total !== 'number') throw new TypeError('DynamoDB has told no count');
  return total;
}

import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { OperationJob } from '#shared/domain/operation.ts';
import { namedPrefix, tableKeys } from '#shared/facts/table.ts';
import { held, type Table } from './operations.ts';

/**
 * Requests of which the same asked twice is the same operation. Ids sort by time, so they cannot follow from the request:
 * the first to ask for a name chooses the id, and whoever comes later, or goes on for one that was stopped, takes it.
 */
const namedSchema = z.object({ id: z.string() });

/** The id of the operation of this name: the one given, where nobody has asked for it before. */
export async function nameOperation({ documents, table }: Table, { kind, id }: OperationJob, name: string) {
  const Key = { [tableKeys.partition]: `${namedPrefix}${kind}`, [tableKeys.sort]: name };
  const put = new PutCommand({
    TableName: table,
    Item: { ...Key, id },
    ConditionExpression: 'attribute_not_exists(#pk)',
    ExpressionAttributeNames: { '#pk': tableKeys.partition },
  });
  if (await held(documents.send(put))) return id;
  const { Item } = await documents.send(new GetCommand({ TableName: table, Key, ConsistentRead: true }));
  return namedSchema.parse(Item).id;
}

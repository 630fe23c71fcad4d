import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { GetCommand, PutCommand, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import {
  isOpen,
  type Operation,
  type OperationJob,
  type OperationKind,
  type OperationState,
  operationSchema,
  operationStates,
} from '#shared/domain/operation.ts';
import { operationsPrefix, tableKeys } from '#shared/facts/table.ts';
import type { Store } from './document-client.ts';

/**
 * One item for each operation, kept for good: who asked for what and what came of it. Its first write is what starts it,
 * for the table's stream tells of it; every later one holds only while it is open.
 */
export type Table = Pick<Store, 'documents' | 'table'>;

export const operationKey = ({ kind, id }: OperationJob): Record<string, string> => ({
  [tableKeys.partition]: `${operationsPrefix}${kind}`,
  [tableKeys.sort]: id,
});

const open = operationStates.filter(isOpen);

/** What a write must say that may change open operations only. */
export const openOnly = {
  condition: `#state IN (${open.map((state) => `:${state}`).join(', ')})`,
  names: { '#state': 'state' },
  values: Object.fromEntries(open.map((state) => [`:${state}`, state])),
} as const;

/** Queues an operation. False where there is one of its kind and id. */
export async function putOperation({ documents, table }: Table, operation: Operation): Promise<boolean> {
  return held(
    documents.send(
      new PutCommand({
        TableName: table,
        Item: { ...operationKey(operation), ...operation },
        ConditionExpression: 'attribute_not_exists(#pk)',
        ExpressionAttributeNames: { '#pk': tableKeys.partition },
      }),
    ),
  );
}

/** The operation as it is now; null where there is none. */
export async function getOperation({ documents, table }: Table, job: OperationJob): Promise<Operation | null> {
  const { Item } = await documents.send(
    new GetCommand({ TableName: table, Key: operationKey(job), ConsistentRead: true }),
  );
  return Item ? operationSchema.parse(Item) : null;
}

/** Up to `limit` operations of a kind behind the id `after`, newest first; `next` is the id of the last one, if more follow. */
export async function listOperations(
  { documents, table }: Table,
  kind: OperationKind,
  { after, limit }: Readonly<{ after: string | null; limit: number }>,
): Promise<{ operations: Operation[]; next: string | null }> {
  const { Items = [], LastEvaluatedKey: last } = await documents.send(
    new QueryCommand({
      TableName: table,
      KeyConditionExpression: '#pk = :pk',
      ExpressionAttributeNames: { '#pk': tableKeys.partition },
      ExpressionAttributeValues: { ':pk': `${operationsPrefix}${kind}` },
      ScanIndexForward: false,
      Limit: limit,
      ...(after !== null && { ExclusiveStartKey: operationKey({ kind, id: after }) }),
    }),
  );
  const next: unknown = last?.[tableKeys.sort];
  return { operations: Items.map((item) => operationSchema.parse(item)), next: typeof next === 'string' ? next : null };
}

/**
 * Cancels an operation that is open; whoever works on it is refused at its next write. Gives the operation as it is then,
 * which is of another state where it had ended before, and null where there is none.
 */
export async function cancelOperation(store: Table, job: OperationJob): Promise<Operation | null> {
  const cancelled: OperationState = 'cancelled';
  await held(
    store.documents.send(
      new UpdateCommand({
        TableName: store.table,
        Key: operationKey(job),
        UpdateExpression: 'SET #state = :cancelled, estimateSeconds = :none',
        ConditionExpression: openOnly.condition,
        ExpressionAttributeNames: openOnly.names,
        ExpressionAttributeValues: { ...openOnly.values, ':cancelled': cancelled, ':none': null },
      }),
    ),
  );
  return getOperation(store, job);
}

/** Whether a write's own condition let it through. */
export async function held(write: Promise<unknown>): Promise<boolean> {
  try {
    await write;
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}

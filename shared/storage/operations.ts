import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { GetCommand, PutCommand, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import {
  isOpen,
  newProgress,
  type Operation,
  type OperationJob,
  type OperationKind,
  type OperationState,
  operationSchema,
  operationStates,
} from '#shared/domain/operation.ts';
import { itemAttributes, operationsPrefix, tableKeys } from '#shared/facts/table.ts';
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

/** Layout number of the operations written now; those before it had none. */
const schema = 1;

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
        Item: { ...operationKey(operation), [itemAttributes.schema]: schema, ...operation },
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
 * Cancels an operation that is in one of these states, any open one if not told; whoever works on it is refused at its next write. Gives the operation as it is then,
 * which is of another state where it had ended before, and null where there is none.
 */
export async function cancelOperation(
  store: Table,
  job: OperationJob,
  from: readonly OperationState[] = open,
): Promise<Operation | null> {
  const cancelled: OperationState = 'cancelled';
  await held(
    store.documents.send(
      new UpdateCommand({
        TableName: store.table,
        Key: operationKey(job),
        UpdateExpression: 'SET #state = :cancelled, estimateSeconds = :none',
        ConditionExpression: `#state IN (${from.map((state) => `:${state}`).join(', ')})`,
        ExpressionAttributeNames: openOnly.names,
        ExpressionAttributeValues: {
          ...Object.fromEntries(from.map((state) => [`:${state}`, state])),
          ...{ ':cancelled': cancelled, ':none': null },
        },
      }),
    ),
  );
  return getOperation(store, job);
}

/**
 * Queues again an operation that has ended, as it was found: from where it was left, or from its beginning. False where
 * it is of another state by now.
 */
export async function queueAgain(store: Table, found: Operation, from: 'place' | 'beginning'): Promise<boolean> {
  const queued: OperationState = 'queued';
  const anew = { place: null, progress: newProgress, result: null };
  const fields = { state: queued, error: null, leaseUntil: 0, ...(from === 'beginning' && anew) };
  const names = Object.keys(fields);
  return held(
    store.documents.send(
      new UpdateCommand({
        TableName: store.table,
        Key: operationKey(found),
        UpdateExpression: `SET ${names.map((name) => `#${name} = :${name}`).join(', ')}`,
        ConditionExpression: '#state = :found',
        ExpressionAttributeNames: Object.fromEntries(names.map((name) => [`#${name}`, name])),
        ExpressionAttributeValues: {
          ':found': found.state,
          ...Object.fromEntries(Object.entries(fields).map(([name, value]) => [`:${name}`, value])),
        },
      }),
    ),
  );
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

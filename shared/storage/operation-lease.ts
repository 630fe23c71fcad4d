import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { LeaseLost } from '#shared/domain/errors.ts';
import { isOpen, type Operation, type OperationJob, operationSchema, type Progress } from '#shared/domain/operation.ts';
import { getOperation, openOnly, operationKey, type Table } from './operations.ts';

/** The right of one run to write an operation. `holder` names the run, so that a write whose answer was lost is still its own. */
export type OperationLease = OperationJob & { holder: string };

/** An operation under a run's lease, and where the run before it stopped; null for the first. */
export type Claimed = { operation: Operation; place: unknown };

/**
 * Takes the lease of an open operation until `now + leaseMs`: it is running then. `held` while another run has it, `ended`
 * where there is nothing (any more) to work on.
 */
export async function claimOperation(
  store: Table,
  lease: OperationLease,
  now: number,
  leaseMs: number,
): Promise<Claimed | 'held' | 'ended'> {
  const item = await write(store, lease, {
    fields: { state: 'running', holder: lease.holder, leaseUntil: now + leaseMs },
    condition: `${openOnly.condition} AND (attribute_not_exists(leaseUntil) OR leaseUntil <= :now OR holder = :holder)`,
    values: { ...openOnly.values, ':now': now, ':holder': lease.holder },
  });
  if (item) return { operation: operationSchema.parse(item), place: item['place'] ?? null };
  const operation = await getOperation(store, lease);
  return operation && isOpen(operation.state) ? 'held' : 'ended';
}

/** What a run has done. `place` is what its kind needs to go on from there. */
export type Saved = { progress: Progress; estimateSeconds: number | null; place: unknown };

/** Writes down how far a run has come and prolongs its lease. Throws LeaseLost where it is not the run's any more. */
export const saveOperation = (store: Table, lease: OperationLease, saved: Saved, leaseUntil: number): Promise<void> =>
  writeUnderLease(store, lease, { ...saved, leaseUntil, error: null });

/** Gives the lease back, with why the run failed if it did. Throws LeaseLost where it is not the run's any more. */
export const releaseOperation = (
  store: Table,
  lease: OperationLease,
  error: Operation['error'] = null,
): Promise<void> => writeUnderLease(store, lease, { leaseUntil: 0, error });

/** How an operation ended. */
export type OperationEnd =
  | { state: 'done'; progress: Progress; result: unknown }
  | { state: 'failed'; error: object; progress?: Progress; result?: unknown };

/** Ends an operation; one that failed keeps its place. Throws LeaseLost where it is not the run's any more. */
export const endOperation = (store: Table, lease: OperationLease, end: OperationEnd): Promise<void> =>
  writeUnderLease(store, lease, {
    ...{ error: null, ...end },
    ...(end.state === 'done' && { place: null }),
    ...{ estimateSeconds: null, leaseUntil: 0 },
  });

async function writeUnderLease(
  store: Table,
  lease: OperationLease,
  fields: Readonly<Record<string, unknown>>,
): Promise<void> {
  const condition = '#state = :running AND holder = :holder';
  const values = { ':running': 'running', ':holder': lease.holder };
  if (!(await write(store, lease, { fields, condition, values }))) {
    throw new LeaseLost(`the operation ${lease.kind}/${lease.id} has ended or is worked on by another run`);
  }
}

type Write = {
  fields: Readonly<Record<string, unknown>>;
  condition: string;
  values: Readonly<Record<string, unknown>>;
};

/** The item as it is then; null where the condition refused the write. `#state` may stand in the condition. */
async function write(
  { documents, table }: Table,
  lease: OperationLease,
  { fields, condition, values }: Write,
): Promise<Readonly<Record<string, unknown>> | null> {
  const names = Object.keys(fields);
  try {
    const { Attributes } = await documents.send(
      new UpdateCommand({
        TableName: table,
        Key: operationKey(lease),
        UpdateExpression: `SET ${names.map((_, i) => `#n${i} = :n${i}`).join(', ')}`,
        ConditionExpression: condition,
        ExpressionAttributeNames: {
          ...openOnly.names,
          ...Object.fromEntries(names.map((name, i) => [`#n${i}`, name])),
        },
        ExpressionAttributeValues: {
          ...values,
          ...Object.fromEntries(names.map((name, i) => [`:n${i}`, fields[name]])),
        },
        ReturnValues: 'ALL_NEW',
      }),
    );
    return Attributes ?? null;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return null;
    throw error;
  }
}

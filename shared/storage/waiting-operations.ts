import { DeleteCommand, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { OperationJob, OperationKind } from '#shared/domain/operation.ts';
import { tableKeys, waitingPrefix } from '#shared/facts/table.ts';
import { held, type Table } from './operations.ts';

/**
 * What the polls of a connection find their operations by: a row each, while it is open and for a while longer, so that
 * an idle poll reads nothing. A row stands before its operation begins, so there is none that no poll finds.
 */
const keyOf = (connection: string, { kind, id }: OperationJob): Record<string, string> => ({
  [tableKeys.partition]: `${waitingPrefix}${connection}`,
  [tableKeys.sort]: `${kind}#${id}`,
});

/** A row, and when its operation was asked for last (milliseconds since 1970). */
export type WaitingRow = { id: string; askedAt: number };

/** Longer than it takes to begin an operation behind its row: until then the row of one that has not begun stays. */
const graceMs = 300_000;

/** Puts the row of an operation, also of one that has a row; to be done before the operation is begun. */
export async function letWait({ documents, table }: Table, connection: string, job: OperationJob, now: number) {
  await documents.send(new PutCommand({ TableName: table, Item: { ...keyOf(connection, job), askedAt: now } }));
}

/** More are looked at when these are gone. */
const mostRows = 50;

/** The rows of a kind, oldest operation first. Eventually consistent: a row too young to be seen is seen by the next poll. */
export async function listWaiting(
  { documents, table }: Table,
  connection: string,
  kind: OperationKind,
): Promise<WaitingRow[]> {
  const { Items = [] } = await documents.send(
    new QueryCommand({
      TableName: table,
      KeyConditionExpression: '#pk = :pk AND begins_with(#sk, :kind)',
      ExpressionAttributeNames: { '#pk': tableKeys.partition, '#sk': tableKeys.sort },
      ExpressionAttributeValues: { ':pk': `${waitingPrefix}${connection}`, ':kind': `${kind}#` },
      Limit: mostRows,
    }),
  );
  const rows = z.array(z.object({ [tableKeys.sort]: z.string(), askedAt: z.number() })).parse(Items);
  return rows.map(({ [tableKeys.sort]: key, askedAt }) => ({ id: key.slice(kind.length + 1), askedAt }));
}

/** Drops the row of an operation that is not open, unless it may be about to begin, or was asked for again since. */
export async function endWaiting(
  { documents, table }: Table,
  connection: string,
  { kind, id, askedAt }: OperationJob & WaitingRow,
  now: number,
): Promise<void> {
  if (now < askedAt + graceMs) return;
  await held(
    documents.send(
      new DeleteCommand({
        TableName: table,
        Key: keyOf(connection, { kind, id }),
        ConditionExpression: 'askedAt = :askedAt',
        ExpressionAttributeValues: { ':askedAt': askedAt },
      }),
    ),
  );
}

import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import { formatInstant } from '#shared/domain/instant.ts';
import { indexes, projectedAttributes, tableKeys } from '#shared/facts/table.ts';
import type { ConversationItem } from './conversation-item.ts';
import type { Store } from './document-client.ts';

/** Sort keys of a time index from `least` to `most`, both included. */
type KeySpan = { least: string; most: string };

/** What is read of one partition of a time index. */
export type IndexRead = {
  index: 'byStart' | 'byUpdate';
  span: KeySpan;
  /** rows with the packed record, or with their keys alone, which is less to send and nothing to unpack */
  carries: 'record' | 'keys';
  /** from the greatest key down, where the newest is wanted first */
  isFalling?: boolean;
};

/** Rows with an instant from `from` to `to`, both included (milliseconds since 1970); null leaves a side open. */
export const datedSpan = (from: number | null, to: number | null): KeySpan => ({
  least: from === null ? '0' : formatInstant(from),
  // Keys go on with `#<uuid>` behind the instant, and `~` stands behind all of that; `:` stands behind every digit.
  most: to === null ? ':' : `${formatInstant(to)}~`,
});

/** Rows of `byStart` without a start: their keys are `-#<uuid>`. */
export const undatedSpan: KeySpan = { least: '-', most: '-~' };

/** All that a read finds in one connection's partition, a page of DynamoDB's own size (1 MB) at a time. */
export async function* walkIndex(
  { documents, table }: Pick<Store, 'documents' | 'table'>,
  connection: string,
  { index, span, carries, isFalling = false }: IndexRead,
): AsyncGenerator<readonly ConversationItem[]> {
  // Bounds that leave nothing between them are a fault to DynamoDB.
  if (span.least > span.most) return;
  const { name, partition, sort } = indexes[index];
  const attributes = [tableKeys.partition, sort, ...(carries === 'record' ? projectedAttributes : [])];
  const names = Object.fromEntries(attributes.map((attribute, i) => [`#a${i}`, attribute]));
  let from: Record<string, unknown> | undefined;
  do {
    const page = await documents.send(
      new QueryCommand({
        TableName: table,
        IndexName: name,
        KeyConditionExpression: '#partition = :partition AND #sort BETWEEN :least AND :most',
        ProjectionExpression: Object.keys(names).join(', '),
        ExpressionAttributeNames: { ...names, '#partition': partition, '#sort': sort },
        ExpressionAttributeValues: { ':partition': connection, ':least': span.least, ':most': span.most },
        ...(isFalling && { ScanIndexForward: false }),
        ...(from && { ExclusiveStartKey: from }),
      }),
    );
    yield page.Items ?? [];
    from = page.LastEvaluatedKey;
  } while (from);
}

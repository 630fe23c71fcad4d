import { paginateQuery } from '@aws-sdk/lib-dynamodb';
import { formatInstant } from '#shared/domain/instant.ts';
import { indexes, tableKeys } from '#shared/facts/table.ts';
import type { Store } from './document-client.ts';

/** A conversation with an open artifact: which one, and when it was first seen (milliseconds since 1970). */
export type DueRow = { uuid: string; firstSeenAt: number };

/**
 * The conversations of a connection with an open artifact that were first seen in `(after, to]`. Reads the sparse index,
 * eventually consistent: a row too young to be seen comes with its next offset.
 */
export async function listOpen(store: Store, connection: string, after: number, to: number): Promise<DueRow[]> {
  const { byDue } = indexes;
  const input = {
    TableName: store.table,
    IndexName: byDue.name,
    KeyConditionExpression: '#connection = :connection AND #key BETWEEN :after AND :to',
    ExpressionAttributeNames: { '#connection': byDue.partition, '#key': byDue.sort },
    // `~` sorts behind every uuid, so the lower bound is excluded and the upper one included.
    ExpressionAttributeValues: {
      ':connection': connection,
      ':after': `${formatInstant(after)}#~`,
      ':to': `${formatInstant(to)}#~`,
    },
  };
  const rows: DueRow[] = [];
  for await (const page of paginateQuery({ client: store.documents }, input)) {
    for (const item of page.Items ?? []) {
      const key = String(item[byDue.sort]);
      rows.push({ uuid: String(item[tableKeys.partition]), firstSeenAt: Date.parse(key.slice(0, key.indexOf('#'))) });
    }
  }
  return rows;
}

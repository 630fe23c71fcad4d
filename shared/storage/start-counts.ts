import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { Window } from '#shared/domain/checkpoint.ts';
import { formatInstant } from '#shared/domain/instant.ts';
import { indexes } from '#shared/facts/table.ts';
import type { Store } from './document-client.ts';

type Table = Pick<Store, 'documents' | 'table'>;

const { name, partition, sort } = indexes.byStart;

/** Keys are `<startedAt>#<uuid>`, so a bare instant stands before all that began then; those without a start are out. */
const began = (connection: string, from: string, to: string) => ({
  KeyConditionExpression: '#connection = :connection AND #key BETWEEN :from AND :to',
  ExpressionAttributeNames: { '#connection': partition, '#key': sort },
  ExpressionAttributeValues: { ':connection': connection, ':from': from, ':to': to },
});

/** When the newest conversation of a connection began that has begun by now (milliseconds since 1970); null without any. */
export async function newestStart(store: Table, connection: string, now: number): Promise<number | null> {
  const answer = await store.documents.send(
    new QueryCommand({
      TableName: store.table,
      IndexName: name,
      ...began(connection, '0', `${formatInstant(now)}#~`),
      ScanIndexForward: false,
      Limit: 1,
    }),
  );
  const key = answer.Items?.[0]?.[sort];
  return typeof key === 'string' ? Date.parse(key.slice(0, key.indexOf('#'))) : null;
}

/** How many conversations of a connection began in a window, `most` at most: each costs the reading of its index row. */
export async function countStarts(store: Table, connection: string, window: Window, most: number): Promise<number> {
  const { from, to } = window;
  const answer = await store.documents.send(
    new QueryCommand({
      TableName: store.table,
      IndexName: name,
      ...began(connection, formatInstant(from), formatInstant(to)),
      Select: 'COUNT',
      Limit: most,
    }),
  );
  return answer.Count ?? 0;
}

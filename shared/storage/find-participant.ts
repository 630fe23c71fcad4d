import { paginateQuery } from '@aws-sdk/lib-dynamodb';
import { allParticipantKeys, beyondKey, participantKey } from '#shared/domain/participant-key.ts';
import { itemAttributes as a, tableKeys } from '#shared/facts/table.ts';
import { type ConversationItem, unpackRecord } from './conversation-item.ts';
import type { Store } from './document-client.ts';
import { participantPartition } from './participant-rows.ts';

type Table = Pick<Store, 'documents' | 'table'>;

/**
 * The uuids of all conversations of these connections that a participant is found in; more than `most` are not looked for.
 * Those with so many participants that not each has a row are looked into.
 */
export async function uuidsOfParticipant(
  store: Table,
  connections: readonly string[],
  participant: string,
  most: number,
): Promise<string[]> {
  const key = participantKey(participant);
  const found = new Set<string>();
  for (const connection of connections) {
    for await (const row of rowsUnder(store, participantPartition(connection, participant), [])) {
      found.add(uuidOf(row));
      if (found.size > most) return [...found];
    }
    for await (const row of rowsUnder(store, participantPartition(connection, beyondKey), [a.record, a.version])) {
      if (allParticipantKeys(unpackRecord(row).participants).includes(key)) found.add(uuidOf(row));
      if (found.size > most) return [...found];
    }
  }
  return [...found];
}

const uuidOf = (row: ConversationItem): string => String(row[tableKeys.sort]).split('#').at(-1) ?? '';

/** With these attributes beside the sort key. */
async function* rowsUnder(
  { documents, table }: Table,
  partition: string,
  attributes: readonly string[],
): AsyncIterable<ConversationItem> {
  const names = [tableKeys.sort, ...attributes].map((name, i) => [`#a${i}`, name] as const);
  const input = {
    TableName: table,
    KeyConditionExpression: '#pk = :pk',
    // A marker says that it is not there any more.
    FilterExpression: 'attribute_exists(#record)',
    ProjectionExpression: names.map(([alias]) => alias).join(', '),
    ExpressionAttributeNames: { '#pk': tableKeys.partition, '#record': a.record, ...Object.fromEntries(names) },
    ExpressionAttributeValues: { ':pk': partition },
  };
  for await (const { Items: rows = [] } of paginateQuery({ client: documents }, input)) yield* rows;
}

import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { paginateQuery, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { formatInstant } from '#shared/domain/instant.ts';
import { heldPrefix, tableKeys, timeToLive } from '#shared/facts/table.ts';
import type { Store } from './document-client.ts';

type Table = Pick<Store, 'documents' | 'table'>;

/** A conversation whose newest state is not stored yet: to be asked for at `due` (milliseconds since 1970). */
export type Held = { uuid: string; due: number };

/** How long an item is kept that nothing waits for any more: it remembers that the conversation was told of. */
const keptSeconds = 2 * 86_400;

const keyOf = (connection: string, uuid: string) => ({
  [tableKeys.partition]: heldPrefix + connection,
  [tableKeys.sort]: uuid,
});

/**
 * Notes that a conversation must be asked for again, whether its provider lists it again or not. Names the conversation
 * and nothing of it. True where nobody was told of it today.
 */
export async function hold(
  store: Table,
  { connection, uuid }: { connection: string; uuid: string },
  due: number,
  now: number,
): Promise<boolean> {
  const noted = await update(store, keyOf(connection, uuid), {
    set: { due, today: formatInstant(now).slice(0, 10) },
    UpdateExpression: 'SET #due = :due, #told = :today REMOVE #ttl',
    ConditionExpression: 'attribute_not_exists(#due) OR #due < :due',
  });
  return noted !== null && noted['told'] !== formatInstant(now).slice(0, 10);
}

/** What of a connection waits for its time. */
export async function listHeld({ documents, table }: Table, connection: string): Promise<Held[]> {
  const input = {
    TableName: table,
    KeyConditionExpression: '#pk = :held',
    ExpressionAttributeNames: { '#pk': tableKeys.partition },
    ExpressionAttributeValues: { ':held': heldPrefix + connection },
    ConsistentRead: true,
  };
  const held: Held[] = [];
  for await (const { Items: items = [] } of paginateQuery({ client: documents }, input)) {
    for (const item of items) held.push({ uuid: String(item[tableKeys.sort]), due: Number(item['due']) });
  }
  return held.filter(({ due }) => due > 0);
}

/** Its newest state is stored, unless it was held again since. */
export async function release(store: Table, connection: string, { uuid, due }: Held, now: number): Promise<void> {
  await update(store, keyOf(connection, uuid), {
    set: { due, none: 0, end: Math.ceil(now / 1_000) + keptSeconds },
    UpdateExpression: 'SET #due = :none, #ttl = :end',
    ConditionExpression: '#due = :due',
  });
}

type Change = { set: Readonly<Record<string, unknown>>; UpdateExpression: string; ConditionExpression: string };

/** The attributes as they were before; null where the condition did not hold. */
async function update(
  { documents, table }: Table,
  Key: Record<string, string>,
  { set, ...expressions }: Change,
): Promise<Record<string, unknown> | null> {
  const all = { '#due': 'due', '#told': 'told', '#ttl': timeToLive };
  const used = Object.entries(all).filter(([name]) => JSON.stringify(expressions).includes(name));
  try {
    const answer = await documents.send(
      new UpdateCommand({
        TableName: table,
        Key,
        ...expressions,
        ExpressionAttributeNames: Object.fromEntries(used),
        ExpressionAttributeValues: Object.fromEntries(Object.entries(set).map(([name, value]) => [`:${name}`, value])),
        ReturnValues: 'ALL_OLD',
      }),
    );
    return answer.Attributes ?? {};
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return null;
    throw error;
  }
}

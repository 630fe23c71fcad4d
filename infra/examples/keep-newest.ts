import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { ConversationEvent } from '#shared/domain/events.ts';
import { eventTypes } from '#shared/facts/events.ts';

/** A table of one's own with the key `pk` and the time to live `ttl`. */
export type OwnTable = { documents: DynamoDBDocumentClient; table: string };

/** Longer than EventBridge and the dead letters hold an event (a day and a fortnight); seconds. */
const remembered = 30 * 86_400;

/**
 * Does the work for an event unless it was done for one of the same id. It is remembered behind the work: whoever stops in
 * between does it again, so the work itself must bear that. `now` in milliseconds.
 */
export async function oncePerId(
  { documents, table }: OwnTable,
  id: string,
  work: () => Promise<unknown>,
  now: number,
): Promise<'done' | 'repeat'> {
  const pk = `event#${id}`;
  const { Item } = await documents.send(new GetCommand({ TableName: table, Key: { pk }, ConsistentRead: true }));
  if (Item) return 'repeat';
  await work();
  const ttl = Math.floor(now / 1000) + remembered;
  await documents.send(new PutCommand({ TableName: table, Item: { pk, ttl } }));
  return 'done';
}

/**
 * Keeps of each conversation what its newest event says. Events come in any order, so the version decides: an older one
 * never takes the place of a newer one, and one of the same version says the same. An erased conversation leaves its
 * version behind, so that nothing older brings it back.
 */
export async function keepNewest({ documents, table }: OwnTable, event: ConversationEvent): Promise<'kept' | 'older'> {
  const { conversationId, version, artifacts, href } = event.data;
  const erased = event.type === eventTypes.erased;
  try {
    await documents.send(
      new UpdateCommand({
        TableName: table,
        Key: { pk: `conversation#${conversationId}` },
        UpdateExpression: erased
          ? 'SET version = :version, erased = :yes REMOVE artifacts, href'
          : 'SET version = :version, artifacts = :artifacts, href = :href',
        ConditionExpression: `attribute_not_exists(version) OR version ${erased ? '<=' : '<'} :version`,
        ExpressionAttributeValues: {
          ':version': version,
          ...(erased ? { ':yes': true } : { ':artifacts': artifacts, ':href': href }),
        },
      }),
    );
    return 'kept';
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return 'older';
    throw error;
  }
}

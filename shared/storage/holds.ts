import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { itemAttributes as a } from '#shared/facts/table.ts';
import { conversationKey } from './conversation-item.ts';
import type { Store } from './document-client.ts';

/**
 * A legal hold is an attribute of the conversation's item: since when it is held. Every put of a version carries it on and
 * holds only while it is as it was read (`writeItem`), and no tombstone is put over it.
 */
type Table = Pick<Store, 'documents' | 'table'>;

/** Holds a conversation from `at` (ISO 8601 UTC) on, and gives since when it is held; null where there is none of this uuid. */
export async function holdConversation({ documents, table }: Table, uuid: string, at: string): Promise<string | null> {
  const answer = await onConversation(
    documents.send(
      new UpdateCommand({
        TableName: table,
        Key: conversationKey(uuid),
        UpdateExpression: 'SET #hold = if_not_exists(#hold, :at)',
        ConditionExpression: 'attribute_exists(#record)',
        ExpressionAttributeNames: { '#hold': a.hold, '#record': a.record },
        ExpressionAttributeValues: { ':at': at },
        ReturnValues: 'UPDATED_NEW',
      }),
    ),
  );
  const since: unknown = answer?.Attributes?.[a.hold];
  return typeof since === 'string' ? since : null;
}

/** Ends a hold, also where there is none. False where there is no conversation of this uuid. */
export async function releaseConversation({ documents, table }: Table, uuid: string): Promise<boolean> {
  const answer = await onConversation(
    documents.send(
      new UpdateCommand({
        TableName: table,
        Key: conversationKey(uuid),
        UpdateExpression: 'REMOVE #hold',
        ConditionExpression: 'attribute_exists(#record)',
        ExpressionAttributeNames: { '#hold': a.hold, '#record': a.record },
      }),
    ),
  );
  return answer !== null;
}

/** The answer, or null where no conversation is stored, or only its tombstone. */
async function onConversation<T>(write: Promise<T>): Promise<T | null> {
  try {
    return await write;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return null;
    throw error;
  }
}

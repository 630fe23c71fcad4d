import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { type Identity, providerNames } from '#shared/domain/conversation.ts';
import { identify } from '#shared/domain/identity.ts';
import { itemAttributes as a, tombstoneAttributes as t } from '#shared/facts/table.ts';
import { type ConversationItem, conversationKey } from './conversation-item.ts';
import type { Store } from './document-client.ts';

/** Why a conversation is gone: somebody asked for it, or `retain` has passed. */
export const tombstoneEnds = ['erased', 'expired'] as const;
export type TombstoneEnd = (typeof tombstoneEnds)[number];

/**
 * What stands in a conversation's place once it is gone: which it was and never who took part in it. Every write of a
 * version holds only on top of the version it was made from, so none holds on top of this.
 */
export type Tombstone = Identity & {
  /** one more than the last version: no version ever had it */
  version: number;
  end: TombstoneEnd;
  /** ISO 8601 UTC */
  at: string;
  /** id of the operation that did it */
  operation: string;
};

/** Layout number of the tombstones written now. */
const schema = 1;

/** Attributes by which `toTombstone` reads one. */
export const tombstoneNames: readonly string[] = [...Object.values(t), a.version];

const itemSchema = z.object({
  [t.end]: z.enum(tombstoneEnds),
  [t.at]: z.string(),
  [t.operation]: z.string(),
  [t.provider]: z.enum(providerNames),
  [t.connection]: z.string(),
  [t.externalId]: z.string(),
  [a.version]: z.int().positive(),
});

/** Whether an item is a tombstone. */
export const isTombstone = (item: ConversationItem): boolean => t.end in item;

/** The tombstone of a conversation's item, or null where the conversation is there. */
export function toTombstone(item: ConversationItem): Tombstone | null {
  if (!isTombstone(item)) return null;
  const read = itemSchema.parse(item);
  return {
    ...identify(read[t.provider], read[t.connection], read[t.externalId]),
    version: read[a.version],
    end: read[t.end],
    at: read[t.at],
    operation: read[t.operation],
  };
}

/**
 * Puts a tombstone in the place of the version before it. False where another version has come, or one that is held; then
 * the caller reads again.
 */
export async function putTombstone(
  { documents, table }: Pick<Store, 'documents' | 'table'>,
  { uuid, version, ...stone }: Tombstone,
): Promise<boolean> {
  const item = {
    ...conversationKey(uuid),
    [a.schema]: schema,
    [a.version]: version,
    [t.end]: stone.end,
    [t.at]: stone.at,
    [t.operation]: stone.operation,
    [t.provider]: stone.provider,
    [t.connection]: stone.connection,
    [t.externalId]: stone.externalId,
  };
  try {
    await documents.send(
      new PutCommand({
        TableName: table,
        Item: item,
        ConditionExpression: '#v = :v AND attribute_not_exists(#end) AND attribute_not_exists(#hold)',
        ExpressionAttributeNames: { '#v': a.version, '#end': t.end, '#hold': a.hold },
        ExpressionAttributeValues: { ':v': version - 1 },
      }),
    );
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}

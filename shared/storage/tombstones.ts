import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { PutCommand, type PutCommandInput, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { type Identity, providerNames } from '#shared/domain/conversation.ts';
import { identify } from '#shared/domain/identity.ts';
import { itemAttributes as a, tombstoneAttributes as t, tableKeys } from '#shared/facts/table.ts';
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
  /** what is still to be removed, as `remains.ts` writes it; empty when it is done */
  remains: string;
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
  [t.remains]: z.string().default(''),
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
    remains: read[t.remains],
  };
}

/**
 * Puts a tombstone in the place of a conversation's item as it was read, or of none: then its version is 1. False where
 * something has changed it since, or it is held; then the caller reads again.
 */
export async function putTombstone(
  { documents, table }: Pick<Store, 'documents' | 'table'>,
  { uuid, version, ...stone }: Tombstone,
  packs = '',
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
    ...(stone.remains !== '' && { [t.remains]: stone.remains }),
  };
  try {
    await documents.send(new PutCommand({ TableName: table, Item: item, ...conditionOf(version - 1, packs) }));
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}

function conditionOf(
  previous: number,
  packs: string,
): Pick<PutCommandInput, 'ConditionExpression' | 'ExpressionAttributeNames' | 'ExpressionAttributeValues'> {
  if (previous === 0) {
    return {
      ConditionExpression: 'attribute_not_exists(#pk)',
      ExpressionAttributeNames: { '#pk': tableKeys.partition },
    };
  }
  // A write that leaves the version alone may yet name another pack.
  const samePacks = packs === '' ? 'attribute_not_exists(#packs)' : '#packs = :packs';
  return {
    ConditionExpression: `#v = :v AND attribute_not_exists(#end) AND attribute_not_exists(#hold) AND ${samePacks}`,
    ExpressionAttributeNames: { '#v': a.version, '#end': t.end, '#hold': a.hold, '#packs': a.packs },
    ExpressionAttributeValues: { ':v': previous, ...(packs !== '' && { ':packs': packs }) },
  };
}

/** Writes down that nothing of a conversation is left to be removed. */
export async function endTombstone(
  { documents, table }: Pick<Store, 'documents' | 'table'>,
  uuid: string,
): Promise<void> {
  await documents.send(
    new UpdateCommand({
      TableName: table,
      Key: conversationKey(uuid),
      UpdateExpression: 'REMOVE #remains',
      ConditionExpression: 'attribute_exists(#end)',
      ExpressionAttributeNames: { '#remains': t.remains, '#end': t.end },
    }),
  );
}

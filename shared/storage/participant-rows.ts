import { hash } from 'node:crypto';
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { participantKey, participantKeys } from '#shared/domain/participant-key.ts';
import { itemAttributes as a, participantPrefix, rowStamp, tableKeys, timeToLive } from '#shared/facts/table.ts';
import { type ConversationItem, startKey, unpackRecord } from './conversation-item.ts';
import type { Store } from './document-client.ts';
import type { ItemStep } from './outbox.ts';

/** Characters of a key's hash, 132 bits: what a caller may name must not meet another's rows. */
export const hashLength = 22;

/** Longer than a failed step can be tried again: dead letters are kept for 28 days, the stream for one. */
const markerLifeMs = 35 * 86_400_000;

/** The stamp of a row that says that nothing is there: behind every instant. */
const gone = '~';

/**
 * Where the rows of a phone, an e-mail or an id lie. Of a connection, so that nobody reads what he may not see; hashed, so
 * that no phone and no e-mail stands in a key.
 */
export const participantPartition = (connection: string, participant: string): string =>
  partitionOf(connection, participantHash(participant));

export const participantHash = (participant: string): string =>
  hash('sha256', participantKey(participant), 'base64url').slice(0, hashLength);

const partitionOf = (connection: string, participant: string): string =>
  `${participantPrefix}${connection}#${participant}`;

/** The key of a row. */
export type RowKey = Readonly<Record<string, string>>;

export const rowKey = (connection: string, participant: string, sort: string): RowKey => ({
  [tableKeys.partition]: partitionOf(connection, participant),
  [tableKeys.sort]: sort,
});

/** Removes a row, or a marker, of a conversation that is gone: nothing is ever written in its place again. */
export async function removeParticipantRow(
  { documents, table }: Pick<Store, 'documents' | 'table'>,
  key: RowKey,
): Promise<void> {
  await documents.send(new DeleteCommand({ TableName: table, Key: key }));
}

/**
 * The rows that a step calls for, in the order to write them: what the conversation is found under now, each with the
 * record, then a marker wherever it was found before and is no more. First there, then gone, so that a reader between
 * them finds it twice rather than not at all.
 */
export function participantRows(
  { before, after }: Pick<ItemStep, 'before' | 'after'>,
  now: number,
): ConversationItem[] {
  const rows = after ? rowsOf(after) : [];
  const kept = new Set(rows.map(placeOf));
  const version = (after ?? before)?.[a.version];
  const ends = Math.ceil((now + markerLifeMs) / 1_000);
  const lost = (before ? rowsOf(before) : []).filter((row) => !kept.has(placeOf(row)));
  const markers = lost.map((row) => ({
    [tableKeys.partition]: row[tableKeys.partition],
    [tableKeys.sort]: row[tableKeys.sort],
    [a.version]: version,
    [rowStamp]: gone,
    [timeToLive]: ends,
  }));
  return [...rows, ...markers];
}

function rowsOf(item: ConversationItem): ConversationItem[] {
  const conversation = unpackRecord(item);
  return participantKeys(conversation.participants).map((key) => ({
    [tableKeys.partition]: participantPartition(conversation.connection, key),
    [tableKeys.sort]: startKey(conversation),
    [a.record]: item[a.record],
    [a.version]: item[a.version],
    [rowStamp]: conversation.updatedAt,
  }));
}

/**
 * Of the rows of several steps, in their order, the last for each place, those with a record first: what all of them
 * written one after the other would leave.
 */
export function lastRows(rows: readonly ConversationItem[]): ConversationItem[] {
  const byPlace = new Map<string, ConversationItem>();
  for (const row of rows) {
    const known = byPlace.get(placeOf(row));
    if (!known || Number(known[a.version]) <= Number(row[a.version])) byPlace.set(placeOf(row), row);
  }
  const isGone = (row: ConversationItem): number => (a.record in row ? 0 : 1);
  return [...byPlace.values()].sort((one, other) => isGone(one) - isGone(other));
}

const placeOf = (row: ConversationItem): string => `${row[tableKeys.partition]} ${row[tableKeys.sort]}`;

/**
 * Writes a row unless what stands there is newer. A place is never emptied but marked: the marker bears the version that
 * left it, so an older one that comes again, or late, finds itself refused.
 */
export async function putParticipantRow(
  { documents, table }: Pick<Store, 'documents' | 'table'>,
  row: ConversationItem,
): Promise<void> {
  try {
    await documents.send(
      new PutCommand({
        TableName: table,
        Item: row,
        ConditionExpression: 'attribute_not_exists(#pk) OR #v < :v OR (#v = :v AND #stamp <= :stamp)',
        ExpressionAttributeNames: { '#pk': tableKeys.partition, '#v': a.version, '#stamp': rowStamp },
        ExpressionAttributeValues: { ':v': row[a.version], ':stamp': row[rowStamp] },
      }),
    );
  } catch (error) {
    // What stands there is newer: all is well.
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
  }
}

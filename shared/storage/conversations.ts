import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { BatchGetCommand, GetCommand, PutCommand, type PutCommandInput } from '@aws-sdk/lib-dynamodb';
import { contentHash } from '#shared/domain/content-hash.ts';
import type { StoredConversation, StoredRecord } from '#shared/domain/conversation.ts';
import { encodeTranscript } from '#shared/domain/transcript-columns.ts';
import { itemAttributes as a, tableKeys } from '#shared/facts/table.ts';
import {
  type Carried,
  type ConversationItem,
  conversationKey,
  formerOf,
  historyOf,
  holdOf,
  packConversation,
  packsOf,
  unpackRecord,
} from './conversation-item.ts';
import type { Store } from './document-client.ts';
import { type Tombstone, tombstoneNames, toTombstone } from './tombstones.ts';
import { placeTranscript, readTranscript } from './transcripts.ts';

/** What a run must know of a stored conversation before it decides: cheap to read for a whole page. */
export type Head = { conversation: StoredConversation; hash: Uint8Array; history: string; packs: string };

/** Keys that one BatchGetItem takes. */
const batchLimit = 100;

const headNames = [tableKeys.partition, a.hash, a.record, a.history, a.packs, ...tombstoneNames];

/** What is stored of these conversations by uuid, or what is left of them; the others are not in the map. */
export async function readKnown(
  store: Store,
  uuids: readonly string[],
  consistent = false,
): Promise<Map<string, Head | Tombstone>> {
  const known = new Map<string, Head | Tombstone>();
  for (let i = 0; i < uuids.length; i += batchLimit) {
    const keys = uuids.slice(i, i + batchLimit).map(conversationKey);
    for (const item of await batchGet(store, keys, headNames, consistent)) {
      known.set(String(item[tableKeys.partition]), toTombstone(item) ?? toHead(item));
    }
  }
  return known;
}

/** The heads of these conversations by uuid; what is not stored, or not any more, is not in the map. */
export async function readHeads(store: Store, uuids: readonly string[]): Promise<Map<string, Head>> {
  const known = [...(await readKnown(store, uuids))];
  return new Map(known.flatMap(([uuid, one]) => ('hash' in one ? [[uuid, one] as const] : [])));
}

/** The items of these keys, in any order. Asks again for what DynamoDB left unprocessed. */
export async function batchGet(
  store: Pick<Store, 'documents' | 'table'>,
  keys: readonly Record<string, string>[],
  attributes: readonly string[] | null,
  consistent = false,
): Promise<ConversationItem[]> {
  const items: ConversationItem[] = [];
  const names = attributes && Object.fromEntries(attributes.map((name, i) => [`#a${i}`, name]));
  const projection = names && { ProjectionExpression: Object.keys(names).join(', '), ExpressionAttributeNames: names };
  let open: Record<string, unknown>[] = [...keys];
  while (open.length > 0) {
    const answer = await store.documents.send(
      new BatchGetCommand({
        RequestItems: { [store.table]: { Keys: open, ...projection, ...(consistent && { ConsistentRead: true }) } },
      }),
    );
    items.push(...(answer.Responses?.[store.table] ?? []));
    open = answer.UnprocessedKeys?.[store.table]?.Keys ?? [];
  }
  return items;
}

function toHead(item: ConversationItem): Head {
  const hash = item[a.hash];
  if (!(hash instanceof Uint8Array)) throw new TypeError('item holds no content hash');
  return { conversation: unpackRecord(item), hash, history: historyOf(item), packs: packsOf(item) };
}

/** One conversation's item, strongly consistent where a write follows; null where it is not stored. */
export async function getItem(
  store: Pick<Store, 'documents' | 'table'>,
  uuid: string,
  consistent = false,
): Promise<ConversationItem | null> {
  const answer = await store.documents.send(
    new GetCommand({ TableName: store.table, Key: conversationKey(uuid), ConsistentRead: consistent }),
  );
  return answer.Item ?? null;
}

/** A record as it is stored. */
export type KnownRecord = Carried & { record: StoredRecord; hash: Uint8Array };

/** The whole record, strongly consistent, to be merged with an answer; or what is left of it. */
export async function getKnown(store: Store, uuid: string): Promise<KnownRecord | Tombstone | null> {
  const item = await getItem(store, uuid, true);
  if (!item) return null;
  const stone = toTombstone(item);
  if (stone) return stone;
  const { conversation, hash, history, packs } = toHead(item);
  const record = { conversation, transcript: await readTranscript(store, item) };
  return { record, hash, history, packs, hold: holdOf(item), former: formerOf(item) };
}

/** The whole record where there is one. */
export async function getRecord(store: Store, uuid: string): Promise<KnownRecord | null> {
  const known = await getKnown(store, uuid);
  return known && 'record' in known ? known : null;
}

/** The hash that tells whether a record differs from a stored one. */
export function hashOf({ conversation, transcript }: StoredRecord): { hash: Buffer; transcriptText: string | null } {
  const transcriptText = transcript && encodeTranscript(transcript);
  return { hash: contentHash(conversation, transcriptText), transcriptText };
}

/**
 * Writes one version with one conditional put: it holds only on top of the version it was made from (`previous`, 0 for
 * none), and while a legal hold is as it was read. False where another writer was faster; then the caller reads and merges again.
 */
export async function putVersion(
  store: Store,
  record: StoredRecord,
  previous: number,
  carried: Partial<Carried> = {},
): Promise<boolean> {
  const { hash, transcriptText } = hashOf(record);
  const place = await placeTranscript(store, record.conversation.uuid, transcriptText);
  return writeItem(store, packConversation(record, hash, place, carried), previous);
}

/** The put itself, of an item that is packed already. */
export async function writeItem(
  store: Pick<Store, 'documents' | 'table'>,
  item: ConversationItem,
  previous: number,
): Promise<boolean> {
  try {
    await store.documents.send(new PutCommand({ TableName: store.table, Item: item, ...conditionOf(item, previous) }));
    return true;
  } catch (error) {
    // The only refusal that is an answer: somebody else wrote this conversation.
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}

function conditionOf(
  item: ConversationItem,
  previous: number,
): Pick<PutCommandInput, 'ConditionExpression' | 'ExpressionAttributeNames' | 'ExpressionAttributeValues'> {
  if (previous === 0) {
    return {
      ConditionExpression: 'attribute_not_exists(#pk)',
      ExpressionAttributeNames: { '#pk': tableKeys.partition },
    };
  }
  const hold = holdOf(item);
  return {
    ConditionExpression: `#v = :v AND ${hold === '' ? 'attribute_not_exists(#hold)' : '#hold = :hold'}`,
    ExpressionAttributeNames: { '#v': a.version, '#hold': a.hold },
    ExpressionAttributeValues: { ':v': previous, ...(hold !== '' && { ':hold': hold }) },
  };
}

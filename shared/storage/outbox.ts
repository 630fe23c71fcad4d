import type { AttributeValue, DynamoDBRecord } from 'aws-lambda';
import type { Erased, Transition } from '#shared/domain/conversation-events.ts';
import { itemAttributes as a, conversationSort, tableKeys } from '#shared/facts/table.ts';
import { type ConversationItem, unpackRecord } from './conversation-item.ts';
import { isTombstone, toTombstone } from './tombstones.ts';

/** A conversation's item before and after a write; null where there was none, or only a tombstone is left. */
export type ItemStep = {
  before: ConversationItem | null;
  after: ConversationItem | null;
  /** whether a tombstone took its place */
  isErased: boolean;
};

type Image = Readonly<Record<string, AttributeValue>>;

/** The step of a conversation that a record of the table's stream tells of; null for other items, erasures and removals. */
export function toTransition({ dynamodb }: DynamoDBRecord): Transition | null {
  const after = dynamodb?.NewImage;
  if (after?.[tableKeys.sort]?.S !== conversationSort || isTombstone(after)) return null;
  const before = dynamodb?.OldImage;
  return {
    before: before ? unpackRecord(toItem(before)) : null,
    after: unpackRecord(toItem(after)),
    transcriptChanged: transcriptMark(before) !== transcriptMark(after),
  };
}

/** The end of a conversation that a record of the table's stream tells of; null for any other. */
export function toErased({ dynamodb }: DynamoDBRecord): Erased | null {
  const { OldImage: before, NewImage: after } = dynamodb ?? {};
  if (after?.[tableKeys.sort]?.S !== conversationSort || !isTombstone(after) || (before && isTombstone(before)))
    return null;
  const texts = Object.entries(after).map(([name, { S: text }]) => [name, text]);
  const stone = toTombstone({ ...Object.fromEntries(texts), [a.version]: Number(after[a.version]?.N) });
  // Of one that was never stored nobody has heard.
  return stone && stone.version > 1 ? { ...stone, erasedAt: stone.at } : null;
}

/** The same as items, also where a conversation was removed; null for other items. */
export function toItemStep({ dynamodb }: DynamoDBRecord): ItemStep | null {
  const { OldImage: before, NewImage: after } = dynamodb ?? {};
  if ((after ?? before)?.[tableKeys.sort]?.S !== conversationSort) return null;
  const present = (image: Image | undefined): ConversationItem | null =>
    image && !isTombstone(image) ? toItem(image) : null;
  return { before: present(before), after: present(after), isErased: after !== undefined && isTombstone(after) };
}

/** Uuids of the conversations whose items these records are about, each once. */
export function conversationsIn(records: readonly DynamoDBRecord[]): string[] {
  const uuids = records.flatMap(({ dynamodb: { Keys: keys } = {} }) =>
    keys?.[tableKeys.sort]?.S === conversationSort ? (keys[tableKeys.partition]?.S ?? []) : [],
  );
  return [...new Set(uuids)];
}

/** The attributes of an image that a row of an index carries. Bytes come as base64 text in a Lambda event. */
const toItem = (image: Image): ConversationItem => ({
  [a.record]: Buffer.from(image[a.record]?.B ?? '', 'base64'),
  [a.version]: Number(image[a.version]?.N),
  ...(image[a.formerRows]?.S !== undefined && { [a.formerRows]: image[a.formerRows]?.S }),
});

/** Equal for equal transcripts: packing is deterministic, and an object is named by its content. */
const transcriptMark = (image: Image | undefined): string =>
  image?.[a.transcript]?.B ?? image?.[a.transcriptObject]?.S ?? '';

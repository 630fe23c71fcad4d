import type { DynamoDBRecord } from 'aws-lambda';
import { mentions } from '#shared/domain/mentions.ts';
import { conversationSort, tableKeys } from '#shared/facts/table.ts';
import { receiveDead, removeMessages, showMessages } from '#shared/storage/dead-messages.ts';
import { listFailedBatches, rewriteFailedBatch } from '#shared/storage/failed-batches.ts';
import type { Bucket } from '#shared/storage/media-objects.ts';
import { isTombstone } from '#shared/storage/tombstones.ts';
import type { DeadInbox } from './dead-inbox.ts';

/** Longer than a run: a message that stays is looked at once by it. */
const hiddenSeconds = 960;

/** Takes these conversations from the batches that the readers of the table's stream have failed. */
export async function* clearBatches(
  deadLetters: Bucket,
  uuids: ReadonlySet<string>,
): AsyncGenerator<number, void, void> {
  for await (const key of listFailedBatches(deadLetters, null)) {
    yield await rewriteFailedBatch(deadLetters, key, (record) => without(record, uuids));
  }
}

/** A step of one of these goes; the one that tells of its end stays, without what stood there before. */
function without(record: DynamoDBRecord, uuids: ReadonlySet<string>): DynamoDBRecord | null {
  const keys = record.dynamodb?.Keys;
  const isOne = keys?.[tableKeys.sort]?.S === conversationSort && uuids.has(keys[tableKeys.partition]?.S ?? '');
  if (!isOne) return isRowOfOne(record, uuids) ? null : record;
  const { OldImage: before, ...rest } = record.dynamodb ?? {};
  if (!rest.NewImage || !isTombstone(rest.NewImage)) return null;
  return before ? { ...record, dynamodb: rest } : record;
}

/** Rows by participant and other items of one of these come along in a batch. */
function isRowOfOne({ dynamodb: { Keys: keys } = {} }: DynamoDBRecord, uuids: ReadonlySet<string>): boolean {
  const sort = keys?.[tableKeys.sort]?.S ?? '';
  return uuids.has(sort.slice(sort.lastIndexOf('#') + 1));
}

/** Removes deliveries that failed for good and are about these conversations, or mention the participant. */
export async function* clearInbox(
  { dead, readLetter, dropBody }: DeadInbox,
  { uuids, participant, waitSeconds }: { uuids: ReadonlySet<string>; participant: string | null; waitSeconds: number },
): AsyncGenerator<number, void, void> {
  const stay: Awaited<ReturnType<typeof receiveDead>> = [];
  try {
    for (;;) {
      const messages = await receiveDead(dead, { hiddenSeconds, waitSeconds });
      if (messages.length === 0) return;
      for (const message of messages) {
        const letter = await readLetter(message.body);
        const isOne = letter.uuids.some((uuid) => uuids.has(uuid));
        if (!isOne && !(participant !== null && mentions(letter.raw, participant))) {
          stay.push(message);
          continue;
        }
        await dropBody(message.body);
        await removeMessages(dead, [message]);
        yield 1;
      }
    }
  } finally {
    await showMessages(dead, stay);
  }
}

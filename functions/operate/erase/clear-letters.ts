import type { DynamoDBRecord } from 'aws-lambda';
import { mentions } from '#shared/domain/mentions.ts';
import { conversationSort, tableKeys } from '#shared/facts/table.ts';
import { readKnown } from '#shared/storage/conversations.ts';
import { receiveDead, removeMessages, showMessages } from '#shared/storage/dead-messages.ts';
import type { Store } from '#shared/storage/document-client.ts';
import { listFailedBatches, readFailedBatch, rewriteFailedBatch } from '#shared/storage/failed-batches.ts';
import type { Bucket } from '#shared/storage/media-objects.ts';
import { isTombstone } from '#shared/storage/tombstones.ts';
import type { DeadInbox } from './dead-inbox.ts';

/** Longer than a run: a message that stays is looked at once by it. */
const hiddenSeconds = 960;

/** Takes every conversation that is gone from the batches that the readers of the table's stream have failed. */
export async function* clearBatches(store: Store, deadLetters: Bucket): AsyncGenerator<number, void, void> {
  for await (const key of listFailedBatches(deadLetters, null)) yield await clearBatch(store, deadLetters, key);
}

/** The same for one of them: it may have failed before an erasure, or have landed there behind one. Gives how many records. */
export async function clearBatch(store: Store, deadLetters: Bucket, key: string): Promise<number> {
  const batch = await readFailedBatch(deadLetters, key);
  const gone = await goneIn(store, batch?.records ?? []);
  return gone.size === 0 ? 0 : rewriteFailedBatch(deadLetters, key, (record) => without(record, gone));
}

/** The steps of conversations that are gone by now, but for those that tell of it. */
export async function stepsOfGone(store: Store, records: readonly DynamoDBRecord[]): Promise<DynamoDBRecord[]> {
  const gone = await goneIn(store, records);
  return records.filter((record) => without(record, gone) === null);
}

/** Which of the conversations of these records are gone, as it is now. */
async function goneIn(store: Store, records: readonly DynamoDBRecord[]): Promise<Set<string>> {
  const uuids = new Set(records.flatMap((record) => uuidOf(record) ?? []));
  const known = await readKnown(store, [...uuids], true);
  return new Set([...known].flatMap(([uuid, one]) => ('end' in one ? [uuid] : [])));
}

const uuidForm = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Whose item a record is about: a conversation's own, or one of its rows, which come along in a batch; null of others. */
function uuidOf({ dynamodb: { Keys: keys } = {} }: DynamoDBRecord): string | null {
  const [pk = '', sort = ''] = [keys?.[tableKeys.partition]?.S, keys?.[tableKeys.sort]?.S];
  const name = sort === conversationSort ? pk : sort.slice(sort.lastIndexOf('#') + 1);
  return uuidForm.test(name) ? name : null;
}

/** A step of one of these goes; the one that tells of its end stays, without what stood there before. */
function without(record: DynamoDBRecord, gone: ReadonlySet<string>): DynamoDBRecord | null {
  if (!gone.has(uuidOf(record) ?? '')) return record;
  const { OldImage: before, ...rest } = record.dynamodb ?? {};
  if (!rest.NewImage || !isTombstone(rest.NewImage) || (before && isTombstone(before))) return null;
  return before ? { ...record, dynamodb: rest } : record;
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

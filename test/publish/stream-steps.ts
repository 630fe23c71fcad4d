import { marshall } from '@aws-sdk/util-dynamodb';
import type { AttributeValue, DynamoDBRecord } from 'aws-lambda';
import type { StoredRecord } from '#shared/domain/conversation.ts';
import { encodeTranscript } from '#shared/domain/transcript-columns.ts';
import { conversationKey, packConversation } from '#shared/storage/conversation-item.ts';
import { hashOf } from '#shared/storage/conversations.ts';
import { pack } from '#shared/storage/pack.ts';

/** An item as Lambda shows it in a stream's record: bytes as base64. */
export function image(record: StoredRecord) {
  const { transcript } = record;
  const place = transcript && { bytes: pack(encodeTranscript(transcript), 'transcript') };
  const item = marshall(packConversation(record, hashOf(record).hash, place), { removeUndefinedValues: true });
  return JSON.parse(
    JSON.stringify(item, (_key, value) =>
      value?.type === 'Buffer' ? Buffer.from(value.data).toString('base64') : value,
    ),
  );
}

// Keys are text, in which Lambda's types and the SDK's agree.
type StreamKeys = Record<string, AttributeValue>;

let sequence = 0;

/** The stream's record of an erasure. */
export const erasure = (before: StoredRecord, item: Record<string, unknown>): DynamoDBRecord => ({
  eventName: 'MODIFY',
  dynamodb: {
    Keys: marshall(conversationKey(before.conversation.uuid)) as StreamKeys,
    OldImage: image(before),
    NewImage: marshall(item) as StreamKeys,
    SequenceNumber: String(++sequence),
  },
});

/** The stream's record of one write. */
export const step = (before: StoredRecord | null, after: StoredRecord): DynamoDBRecord => ({
  eventName: before ? 'MODIFY' : 'INSERT',
  dynamodb: {
    Keys: marshall(conversationKey(after.conversation.uuid)) as StreamKeys,
    ...(before ? { OldImage: image(before) } : {}),
    NewImage: image(after),
    SequenceNumber: String(++sequence),
  },
});

import type { DynamoDBBatchResponse, DynamoDBRecord } from 'aws-lambda';
import { conversationsIn } from '#shared/storage/outbox.ts';

/** Conversations that one line names: a batch that keeps failing is halved until it is about one. */
const mostNamed = 10;

/** What a log line says of a batch of the table's stream: a dead letter of it holds everything but why it is one. */
export const aboutBatch = (records: readonly DynamoDBRecord[]): { conversations: string } => ({
  conversations: conversationsIn(records).slice(0, mostNamed).join(' '),
});

/** The record that a batch ended at, which comes again with those behind it; null where all went through. */
export function failedRecord(
  records: readonly DynamoDBRecord[],
  { batchItemFailures: [failed] }: DynamoDBBatchResponse,
): DynamoDBRecord | null {
  return records.find(({ dynamodb }) => dynamodb?.SequenceNumber === failed?.itemIdentifier) ?? null;
}

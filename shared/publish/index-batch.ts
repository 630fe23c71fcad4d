import type { DynamoDBRecord } from 'aws-lambda';
import pMap from 'p-map';
import { tableKeys } from '#shared/facts/table.ts';
import type { Store } from '#shared/storage/document-client.ts';
import { rowKeysOf } from '#shared/storage/former-rows.ts';
import { toItemStep } from '#shared/storage/outbox.ts';
import {
  lastRows,
  participantRows,
  putParticipantRow,
  removeParticipantRow,
} from '#shared/storage/participant-rows.ts';

/** Conversations at a time. */
const concurrency = 16;

/**
 * Writes the participant rows that a batch of the table's stream calls for: of several steps of one conversation, which
 * are in their order, what they leave. Each row is refused by a newer one, so a batch may come twice, in part, or late.
 * `now` in milliseconds since 1970. Throws what the table throws: then the batch comes again.
 */
export async function indexBatch(
  store: Pick<Store, 'documents' | 'table'>,
  records: readonly DynamoDBRecord[],
  now: number,
): Promise<void> {
  const byConversation = Map.groupBy(records, ({ dynamodb }) => dynamodb?.Keys?.[tableKeys.partition]?.S);
  await pMap(byConversation.values(), (group) => indexConversation(store, group, now), { concurrency });
}

/** One row after the other: their order is part of what they are. */
async function indexConversation(
  store: Pick<Store, 'documents' | 'table'>,
  records: readonly DynamoDBRecord[],
  now: number,
): Promise<void> {
  const steps = records.map(toItemStep).filter((step) => step !== null);
  // Behind its tombstone nothing comes: whatever these steps have written, or others before them, goes.
  if (steps.some(({ isErased }) => isErased)) return removeRows(store, records);
  const rows = steps.flatMap((step) => participantRows(step, now));
  for (const row of lastRows(rows)) await putParticipantRow(store, row);
}

/** Removes every row that these steps have led to, and every marker. */
export async function removeRows(
  store: Pick<Store, 'documents' | 'table'>,
  records: readonly DynamoDBRecord[],
): Promise<void> {
  const steps = records.map(toItemStep).filter((step) => step !== null);
  const items = steps.flatMap(({ before, after }) => [before, after].filter((item) => item !== null));
  const keys = new Map(items.flatMap(rowKeysOf).map((key) => [JSON.stringify(key), key]));
  for (const key of keys.values()) await removeParticipantRow(store, key);
}

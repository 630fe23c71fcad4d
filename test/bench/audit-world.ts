import { randomBytes } from 'node:crypto';
import { BatchWriteCommand } from '@aws-sdk/lib-dynamodb';
import { formatInstant } from '#shared/domain/instant.ts';
import { hourMs } from '#shared/domain/ledger.ts';
import { packConversation } from '#shared/storage/conversation-item.ts';
import { hashOf } from '#shared/storage/conversations.ts';
import type { Store } from '#shared/storage/document-client.ts';
import { putIds } from '#shared/storage/ledger-ids.ts';
import { cutGaps, putHour } from '#shared/storage/ledger-rows.ts';
import { epoch, recordOf } from '#test/support/records.ts';

const batch = 25;
/** What makes a record's row of an index nearly the 1 KB that the unit rows allow it; random, so that it does not pack. */
const fillBytes = 560;

/** Stores so many conversations of a connection, evenly over `[from, to)` (milliseconds since 1970). */
export async function fillSpan(
  store: Store,
  connection: string,
  { from, to, count }: { from: number; to: number; count: number },
): Promise<void> {
  for (let first = 0; first < count; first += batch) {
    const puts = Array.from({ length: Math.min(batch, count - first) }, (_, i) => {
      const { conversation, transcript } = recordOf(`${from}-${first + i}`, {}, epoch, connection);
      const startedAt = formatInstant(from + Math.floor(((to - from) / count) * (first + i)));
      const metadata = { note: randomBytes(fillBytes).toString('base64') };
      const record = { conversation: { ...conversation, startedAt, updatedAt: startedAt, metadata }, transcript };
      return { PutRequest: { Item: { ...packConversation(record, hashOf(record).hash, null) } } };
    });
    await store.documents.send(new BatchWriteCommand({ RequestItems: { [store.table]: puts } }));
  }
}

/** Books of an hour as a reading leaves them, by its counts: of the ids that are missing, all, in the bucket and cut. */
export async function keepHour(
  store: Store,
  place: { connection: string; hour: number },
  { stored, missing }: { stored: number; missing: number },
): Promise<void> {
  const gaps = Array.from({ length: missing }, (_, i) => `00000000-0000-4000-8000-${String(i).padStart(12, '0')}`);
  const listed = Array.from({ length: stored }, (_, i) => `${place.hour}-${i}`);
  const read = formatInstant(place.hour + 2 * hourMs);
  const counts = { stored, quarantined: 0, erased: 0, expired: 0, missingAtSource: 0, ids: stored + missing };
  await putIds(store, place, {
    listed: [...listed, ...gaps],
    unlisted: [],
    gaps: gaps.map((id) => [id, formatInstant(place.hour)]),
  });
  await putHour(
    store,
    {
      ...place,
      ...{ provider: 'talkdesk', reading: 1, verifiedAt: read, computedAt: read, isOpen: false },
      ...{ ...counts, listed: stored + missing, artifacts: { transcript: { ready: stored } }, ...cutGaps(gaps) },
    },
    null,
  );
}

import { GetObjectCommand } from '@aws-sdk/client-s3';
import { DeleteCommand } from '@aws-sdk/lib-dynamodb';
import { mentions } from '#shared/domain/mentions.ts';
import { tableKeys } from '#shared/facts/table.ts';
import type { Store } from './document-client.ts';
import { isRefusal } from './media-objects.ts';
import { quarantineFolder, quarantineName, quarantinePartition } from './quarantine-key.ts';
import { listQuarantined, type QuarantineEntry } from './read-quarantine.ts';
import { keysUnder, removeObject, removeUnder } from './remove-objects.ts';

/** Entries that one request reads. */
const pageLimit = 100;

/** Entries of a connection for these records of a provider go, with all raw bytes that they ever had. Gives how many. */
export async function removeQuarantinedIds(
  store: Store,
  connection: string,
  externalIds: ReadonlySet<string>,
): Promise<number> {
  // Bytes first: without its entry nobody would find them, while the entry is found by its id again.
  for (const id of externalIds) await removeUnder(store, quarantineFolder(connection, quarantineName(id)));
  let removed = 0;
  for await (const entry of entriesOf(store, connection)) {
    if (entry.externalId === null || !externalIds.has(entry.externalId)) continue;
    await removeObject(store, entry.object);
    await removeEntry(store, entry);
    removed += 1;
  }
  return removed;
}

/**
 * Whatever is quarantined of a connection and mentions the participant, also bytes that no entry names any more. `before` is
 * called ahead of the removal of each record whose id is known. Gives how many records were removed.
 */
export async function removeQuarantinedOf(
  store: Store,
  connection: string,
  participant: string,
  before: (externalId: string) => Promise<void>,
): Promise<number> {
  let removed = 0;
  const entries = new Map<string, QuarantineEntry>();
  for await (const entry of entriesOf(store, connection)) entries.set(entry.object, entry);
  for await (const key of keysUnder(store, `quarantine/${connection}/`)) {
    const raw = await readText(store, key);
    if (raw === null || !mentions(raw, participant)) continue;
    const entry = entries.get(key);
    if (entry && entry.externalId !== null) await before(entry.externalId);
    // The bytes last: they lead to the entry when this is done again.
    if (entry) await removeEntry(store, entry);
    await removeObject(store, key);
    if (entry) removed += 1;
  }
  return removed;
}

async function* entriesOf(store: Store, connection: string): AsyncIterable<QuarantineEntry> {
  for (let after: string | null = null; ; ) {
    const page: Awaited<ReturnType<typeof listQuarantined>> = await listQuarantined(store, connection, {
      after,
      limit: pageLimit,
    });
    yield* page.entries;
    if (page.next === null) return;
    after = page.next;
  }
}

async function removeEntry({ documents, table }: Store, { connection, sk }: QuarantineEntry): Promise<void> {
  const key = { [tableKeys.partition]: quarantinePartition(connection), [tableKeys.sort]: sk };
  await documents.send(new DeleteCommand({ TableName: table, Key: key }));
}

async function readText({ objects, bucket }: Store, key: string): Promise<string | null> {
  try {
    const { Body: body } = await objects.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    return (await body?.transformToString()) ?? '';
  } catch (error) {
    if (isRefusal(error, 'NoSuchKey')) return null;
    throw error;
  }
}

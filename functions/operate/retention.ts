import { createHash } from 'node:crypto';
import type { Connection } from '#shared/domain/connections.ts';
import type { StoredRecord } from '#shared/domain/conversation.ts';
import { durationMs } from '#shared/domain/duration.ts';
import { formatInstant } from '#shared/domain/instant.ts';
import { mediaArtifact } from '#shared/domain/media.ts';
import { idBytes, newOperation, operationId } from '#shared/domain/operation.ts';
import type { ShownErasure } from '#shared/domain/operation-erasure.ts';
import { type WriteContext, writeVersion } from '#shared/ingest/write-version.ts';
import { holdOf, unpackRecord } from '#shared/storage/conversation-item.ts';
import { getItem } from '#shared/storage/conversations.ts';
import type { Store } from '#shared/storage/document-client.ts';
import { putOperation } from '#shared/storage/operations.ts';
import { expirePack, listPacksBefore } from '#shared/storage/raw-packs.ts';
import { removeMedia } from '#shared/storage/remove-objects.ts';
import { isTombstone } from '#shared/storage/tombstones.ts';
import { datedSpan, undatedSpan, walkIndex } from '#shared/storage/walk-index.ts';

/** What has outlived its time: a daily erasure for each connection that keeps something for a while only. */
export type Retention = NonNullable<ShownErasure['retention']>;

const dayMs = 86_400_000;

/**
 * Asks for the erasures of this day. Each has the id of its connection and day, so that asking again changes nothing.
 */
export async function askForRetention(store: Store, connections: readonly Connection[], now: number): Promise<void> {
  const day = Math.floor(now / dayMs) * dayMs;
  for (const { id: connection, retain, retainMedia, retainRaw } of connections) {
    const before = (duration: string | undefined): string | null =>
      duration === undefined ? null : formatInstant(day - durationMs(duration));
    const retention = {
      ...{ connection, before: before(retain), mediaBefore: before(retainMedia), rawBefore: before(retainRaw) },
    } satisfies Retention;
    const digest = createHash('sha256').update(connection).digest();
    const id = operationId(day, digest.subarray(0, idBytes));
    await putOperation(store, newOperation('erasures', id, { dryRun: false, retention }, now));
  }
}

/** Conversations that one plan of a retention takes. */
const batch = 200;

/** Up to a batch of conversations from before that time, by their start or else by when they were first seen; not these. */
export async function conversationsBefore(
  store: Store,
  { connection, before }: Pick<Retention, 'connection' | 'before'>,
  passedOver: ReadonlySet<string>,
): Promise<string[]> {
  const found: string[] = [];
  if (before === null) return found;
  for (const span of [undatedSpan, datedSpan(null, Date.parse(before) - 1)]) {
    for await (const rows of walkIndex(store, connection, { index: 'byStart', span, carries: 'record' })) {
      for (const { uuid, startedAt, firstSeenAt } of rows.map(unpackRecord)) {
        if ((startedAt ?? firstSeenAt) < before && !passedOver.has(uuid)) found.push(uuid);
      }
      if (found.length >= batch) return found.slice(0, batch);
    }
  }
  return found;
}

/**
 * Removes the files of conversations from before that time that are not held: first from the record, as a new version, then
 * the bytes. A record that has none any more has its bytes removed again, in case a run stopped in between. A step a yield.
 */
export async function* expireMedia(
  { store, now, ...writing }: Omit<WriteContext, 'cause' | 'pack'>,
  { connection, mediaBefore }: Pick<Retention, 'connection' | 'mediaBefore'>,
): AsyncGenerator<number, void, void> {
  if (mediaBefore === null) return;
  const change = (uuid: string, changed: (record: StoredRecord) => StoredRecord): Promise<unknown> =>
    writeVersion({ store, now, ...writing }, uuid, true, (record) => record && changed(record));
  const span = datedSpan(null, Date.parse(mediaBefore) - 1);
  for await (const rows of walkIndex(store, connection, { index: 'byStart', span, carries: 'record' })) {
    for (const { uuid, media, artifacts } of rows.map(unpackRecord)) {
      if (media.length === 0 && !isExpiring(artifacts)) continue;
      const item = await getItem(store, uuid, true);
      if (!item || isTombstone(item) || holdOf(item) !== '') continue;
      await change(uuid, (record) => withoutFiles(record, now()));
      await removeMedia(store, uuid);
      await change(uuid, withFilesGone);
      yield media.length;
    }
  }
}

/** Reasons of files that are gone by retention: their bytes may still be there; they are not. */
const [expiring, expired] = ['retentionBegun', 'retention'];

const isExpiring = (artifacts: StoredRecord['conversation']['artifacts']): boolean =>
  Object.values(artifacts).some(({ state, reason }) => state === 'expired' && reason === expiring);

function withoutFiles(record: StoredRecord, now: number): StoredRecord {
  const { conversation } = record;
  const gone = conversation.media.map(({ key }) => [
    mediaArtifact(key),
    { state: 'expired' as const, reason: expiring, at: formatInstant(now) },
  ]);
  const artifacts = { ...conversation.artifacts, ...Object.fromEntries(gone) };
  return { ...record, conversation: { ...conversation, media: [], artifacts } };
}

function withFilesGone(record: StoredRecord): StoredRecord {
  const { conversation } = record;
  const entries = Object.entries(conversation.artifacts).map(([kind, artifact]) => [
    kind,
    artifact.reason === expiring ? { ...artifact, reason: expired } : artifact,
  ]);
  return { ...record, conversation: { ...conversation, artifacts: Object.fromEntries(entries) } };
}

/** Removes the packs of days before that one; of answers of held conversations their packs keep. Answers removed, a step each. */
export async function* expireRaw(
  store: Store,
  { connection, rawBefore }: Pick<Retention, 'connection' | 'rawBefore'>,
): AsyncGenerator<number, void, void> {
  if (rawBefore === null) return;
  for await (const { key } of listPacksBefore(store, connection, rawBefore.slice(0, '2026-03-02'.length))) {
    yield await expirePack(store, key);
  }
}

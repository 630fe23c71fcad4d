import type { StoredConversation } from '#shared/domain/conversation.ts';
import { LeaseLost } from '#shared/domain/errors.ts';
import type { StoredFile, StoredMedia } from '#shared/domain/media.ts';
import { fileOf, mediaOf, needsCopy } from '#shared/domain/media-copy.ts';
import type { MediaJob } from '#shared/domain/media-job.ts';
import type { Clock } from '#shared/http/clock.ts';
import type { MediaDoor } from '#shared/ingest/media-session.ts';
import type { WriteContext } from '#shared/ingest/write-version.ts';
import type { Media, Session } from '#shared/providers/connector.ts';
import { unpackRecord } from '#shared/storage/conversation-item.ts';
import { getItem } from '#shared/storage/conversations.ts';
import { readCopy } from '#shared/storage/media-copies.ts';
import { isTombstone } from '#shared/storage/tombstones.ts';

/** All that copying one connection's files needs. */
export type CopyContext = WriteContext & {
  media: Media;
  session: Session;
  door: MediaDoor;
  clock: Clock;
  /** when it aborts, the time of this run is up */
  signal: AbortSignal;
  /** called behind each part, when the buffers that it came in are garbage */
  tidy?: () => void;
};

/** A file that is to be copied. */
export type CopyTask = {
  conversation: StoredConversation;
  file: StoredFile;
  /** what is stored of it, of an earlier revision or of this one without our knowing */
  current: StoredMedia | null;
  /** whether an earlier runner has left something in the middle */
  isBegun: boolean;
};

/**
 * What there is to do, or null: jobs come twice, late, and for files that nobody wants any more. Throws LeaseLost while
 * another runner is on it.
 */
export async function readTask(context: CopyContext, { uuid, key }: MediaJob): Promise<CopyTask | null> {
  const { store, session, expectation, now } = context;
  const item = await getItem(store, uuid, true);
  const conversation = item && !isTombstone(item) ? unpackRecord(item) : null;
  if (!conversation || conversation.connection !== session.connection.id) return null;
  const file = fileOf(conversation, key);
  if (!file || !expectation.wants(file) || !needsCopy(conversation, file)) return null;
  const { leaseUntil, progress } = await readCopy(store, { uuid, key });
  if (leaseUntil > now()) throw new LeaseLost(`another runner copies for ${uuid}`);
  return { conversation, file, current: mediaOf(conversation, key), isBegun: progress !== null };
}

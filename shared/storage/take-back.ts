import type { StoredRecord } from '#shared/domain/conversation.ts';
import type { PackName } from '#shared/domain/raw-answer.ts';
import { encodeTranscript } from '#shared/domain/transcript-columns.ts';
import type { Store } from './document-client.ts';
import { removeFromPacks } from './raw-packs.ts';
import type { Tombstone } from './tombstones.ts';
import { dropTranscript } from './transcripts.ts';

/**
 * Removes what a writer has put into the bucket for a version that a tombstone then refused: the erasure may have looked
 * there before.
 */
export async function takeBack(
  store: Store,
  { uuid, connection }: Tombstone,
  { tried, pack }: { tried: StoredRecord | null; pack: PackName | undefined },
): Promise<void> {
  if (tried?.transcript) await dropTranscript(store, uuid, encodeTranscript(tried.transcript));
  if (pack !== undefined) await removeFromPacks(store, connection, [pack], [uuid]);
}

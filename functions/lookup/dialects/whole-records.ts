import pMap from 'p-map';
import type { StoredConversation, StoredRecord } from '#shared/domain/conversation.ts';
import { conversationKey } from '#shared/storage/conversation-item.ts';
import { batchGet } from '#shared/storage/conversations.ts';
import { readTranscript } from '#shared/storage/transcripts.ts';
import type { Call } from '../call.ts';
import { type Found, visible } from '../records/find-conversation.ts';

/** Keys that one BatchGetItem takes. */
const batchLimit = 100;
/** Long transcripts lie in the bucket: one read each. */
const concurrency = 16;

/** A record with its transcript, both of one version. */
export const wholeOf = async ({ lookup }: Call, { item, conversation }: Found): Promise<StoredRecord> => ({
  conversation,
  transcript: await readTranscript(lookup.store, item),
});

/**
 * Listed conversations with their transcripts, in order. An index carries no transcript and may lag, so that record and
 * transcript come from the item: never half of one version and half of another. What was removed meanwhile is left out.
 */
export async function wholeRecords(
  call: Call,
  listed: readonly Pick<StoredConversation, 'uuid'>[],
): Promise<StoredRecord[]> {
  const found = new Map<string, Found>();
  for (let i = 0; i < listed.length; i += batchLimit) {
    const keys = listed.slice(i, i + batchLimit).map(({ uuid }) => conversationKey(uuid));
    for (const item of await batchGet(call.lookup.store, keys, null)) {
      const one = visible(call.caller, item);
      if (one) found.set(one.conversation.uuid, one);
    }
  }
  const present = listed.flatMap(({ uuid }) => found.get(uuid) ?? []);
  return pMap(present, (one) => wholeOf(call, one), { concurrency });
}

/** Notes that the transcripts of these records are about to be sent. */
export async function noteTranscripts({ lookup, caller }: Call, records: readonly StoredRecord[]): Promise<void> {
  const read = records.filter(({ transcript }) => transcript !== null);
  if (read.length === 0) return;
  await lookup.reads.note(
    read.map(({ conversation }) => ({ client: caller.id, conversation: conversation.id, kind: 'transcript' as const })),
  );
}

import { hash } from 'node:crypto';
import type { Transcript } from '#shared/domain/transcript.ts';
import { decodeTranscript } from '#shared/domain/transcript-columns.ts';
import { itemAttributes as a } from '#shared/facts/table.ts';
import type { ConversationItem, TranscriptPlace } from './conversation-item.ts';
import type { Store } from './document-client.ts';
import { pack, unpack } from './pack.ts';

/** Loaded by those who meet a long transcript: most calls are shorter. */
const inBucket = () => import('./transcript-objects.ts');

/** Packed bytes above which the bucket is cheaper than the table: one S3 put costs as much as eight write units. */
const itemLimitBytes = 8 * 1024;

/**
 * Packs a transcript and, when it is long, writes it to the bucket first: an item never names an object that is not
 * there. The name holds the text's hash, so a repeat writes the same object and an older item's object stays.
 */
export async function placeTranscript(store: Store, uuid: string, text: string | null): Promise<TranscriptPlace> {
  if (text === null) return null;
  const bytes = pack(text, 'transcript');
  if (bytes.length <= itemLimitBytes) return { bytes };
  const object = objectOf(uuid, text);
  await (await inBucket()).putPacked(store, object, bytes);
  return { object };
}

const objectOf = (uuid: string, text: string): string => `transcripts/${uuid}/${hash('sha256', text)}`;

/** Removes what `placeTranscript` has put into the bucket. */
export async function dropTranscript(store: Store, uuid: string, text: string): Promise<void> {
  if (pack(text, 'transcript').length <= itemLimitBytes) return;
  await (await import('./remove-objects.ts')).removeObject(store, objectOf(uuid, text));
}

/** The transcript of a conversation's item, wherever it lies; null where there is none. */
export async function readTranscript(
  store: Pick<Store, 'objects' | 'bucket'>,
  item: ConversationItem,
): Promise<Transcript | null> {
  const inItem = item[a.transcript];
  if (inItem instanceof Uint8Array) return decodeTranscript(unpack(inItem, 'transcript'));
  const object = item[a.transcriptObject];
  if (typeof object !== 'string') return null;
  return decodeTranscript(unpack(await (await inBucket()).getPacked(store, object), 'transcript'));
}

import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, vi } from 'vitest';
import type { Reading } from '#functions/lookup/records/reads.ts';
import type { StoredConversation } from '#shared/domain/conversation.ts';
import type { StoredMedia } from '#shared/domain/media.ts';
import type { Transcript } from '#shared/domain/transcript.ts';
import { putVersion } from '#shared/storage/conversations.ts';
import { putMedia } from '#shared/storage/media-objects.ts';
import { epoch, recordOf } from '#test/support/records.ts';
import { type TestStore, testStore } from '#test/support/store.ts';
import { type HttpAnswer, type HttpCall, lookupOver, type TestLookup } from './lookup-harness.ts';

/** The lookup over a table and a bucket, with what it noted of readings and asked of S3. */

export let opened: TestStore;
export let lookup: TestLookup;
export const clock = { now: epoch };
/** readings noted in this test */
export const readings: Reading[] = [];
/** commands sent to S3 in this test */
export const sentToS3: string[] = [];
let token: string;

/** To be called once by a test file: opens all this before its tests and closes it behind them. */
export function setUpMediaLookup(): void {
  beforeAll(async () => {
    opened = await testStore();
    const reads = { note: async (noted: readonly Reading[]) => void readings.push(...noted) };
    lookup = lookupOver(opened.store, clock, undefined, undefined, { reads });
    token = await lookup.token('crm');
    const send = opened.store.objects.send.bind(opened.store.objects);
    vi.spyOn(opened.store.objects, 'send').mockImplementation((command: object) => {
      sentToS3.push(command.constructor.name);
      // The spy has one of the client's many signatures.
      return (send as (command: object) => unknown)(command);
    });
  });
  afterAll(() => opened.close());
  beforeEach(() => {
    readings.length = 0;
    sentToS3.length = 0;
  });
}

type Given = Partial<StoredMedia> & { key: string };

/** A file's bytes in the bucket, and its entry in a record. */
export async function stored(body: Buffer, { key, ...given }: Given): Promise<StoredMedia> {
  const sha512 = createHash('sha512').update(body).digest('hex');
  const object = `media/${createHash('sha256').update(key).digest('hex')}/${sha512.slice(0, 8)}`;
  const media = { key, kind: 'recording', contentType: 'audio/wav', bytes: body.length, sha512, object, ...given };
  await putMedia(opened.store, object, body, media.contentType);
  return media;
}

/** Stores a conversation of a connection, its fields as given. */
export async function put(
  externalId: string,
  given: Partial<StoredConversation>,
  { connection = 'support', transcript = null }: { connection?: string; transcript?: Transcript | null } = {},
): Promise<StoredConversation> {
  const conversation = { ...recordOf(externalId, {}, epoch, connection).conversation, ...given };
  await putVersion(opened.store, { conversation, transcript }, 0);
  return conversation;
}

/** A request of the client `crm`, which may see everything. */
export const ask = (target: string, headers: Record<string, string> = {}, more: HttpCall = {}): Promise<HttpAnswer> =>
  lookup.call(target, { ...more, headers: { authorization: `Bearer ${token}`, ...headers } });

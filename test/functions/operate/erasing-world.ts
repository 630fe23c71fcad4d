import { CreateBucketCommand, CreateMultipartUploadCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import type { StoredRecord } from '#shared/domain/conversation.ts';
import { conversationEvents, erasedEvent } from '#shared/domain/conversation-events.ts';
import { packNameOf, writeRawLine } from '#shared/domain/raw-answer.ts';
import { makeTranscript } from '#shared/domain/transcript.ts';
import { writeVersion } from '#shared/ingest/write-version.ts';
import { indexBatch } from '#shared/publish/index-batch.ts';
import { getItem, getRecord } from '#shared/storage/conversations.ts';
import type { Store } from '#shared/storage/document-client.ts';
import { appendEvents } from '#shared/storage/event-log.ts';
import { takeCopy } from '#shared/storage/media-copies.ts';
import { quarantine } from '#shared/storage/quarantine.ts';
import { putPack } from '#shared/storage/raw-packs.ts';
import { toTombstone } from '#shared/storage/tombstones.ts';
import { step } from '#test/publish/stream-steps.ts';
import { awaiting, contentOf, epoch, recordOf } from '#test/support/records.ts';
import { type TestStore, testStore } from '#test/support/store.ts';
import { itemTexts, objectTexts } from '#test/support/texts.ts';

/** Everything that a conversation leaves anywhere, of one person and beside it of another. */
export type ErasingWorld = {
  opened: TestStore;
  dead: { objects: Store['objects']; bucket: string };
  /** uuids of what is to be erased, and of what must stay as it is */
  gone: string;
  stays: string;
  /** what stands in the event log once publish has seen the tombstones */
  publishErased: () => Promise<void>;
  /** both conversations in a batch of publish that failed for good, under this name */
  fail: (name: string) => Promise<void>;
  /** every item and object as text, packed or not, by name */
  texts: () => Promise<Map<string, string>>;
};

export const phone = '+441632960111';
const formerEmail = 'ada.former@example.com';
/** What must be found nowhere. */
export const traces = [phone, '1632 960111', 'Ada Byron', formerEmail, 'ada@example.com', 'SECRETWORD'];

const ada = (email: string) => ({ id: null, role: 'customer' as const, name: 'Ada Byron', phone, email });
const bob = { id: 'bob-7', role: 'customer' as const, name: 'Bob Stays', phone: '+441632960999', email: null };

/** Text that does not pack well, so that the transcript lies in the bucket. */
const longText = (word: string): string =>
  Array.from({ length: 3_000 }, (_, i) => `${word}${((i * 2_654_435_761) >>> 0).toString(36)}`).join(' ');

const transcriptOf = (word: string) =>
  makeTranscript(null, [
    { participant: 0, role: 'customer', text: longText(word), startMs: 0, endMs: 1, sentiment: null, intent: null },
  ]);

async function store(opened: TestStore, externalId: string, people: object[][], word: string): Promise<string> {
  let before: StoredRecord | null = null;
  const first = recordOf(externalId);
  const { uuid } = first.conversation;
  for (const [n, participants] of people.entries()) {
    const now = epoch + n * 7_200_000;
    const pack = packNameOf({ key: [externalId, n], at: now }, 0, now);
    const answer = { listed: { participants, said: word }, detail: null, stream: 'calls', mapper: 1, sentAt: now };
    await putPack(opened.store, 'support', pack, [writeRawLine({ uuid, externalId, ...answer })]);
    const context = { store: opened.store, now: () => now, slowPutMs: 5_000, expectation: awaiting(), pack };
    await writeVersion(context, uuid, n > 0, (current) => {
      const record = current ?? first;
      const content = contentOf({ participants: participants as (typeof bob)[] });
      return { conversation: { ...record.conversation, ...content }, transcript: transcriptOf(word) };
    });
    const known = await getRecord(opened.store, uuid);
    if (!known) throw new TypeError('not stored');
    const after: StoredRecord = known.record;
    await indexBatch(opened.store, [step(before, after)], epoch);
    const told = {
      before: before?.conversation ?? null,
      after: after.conversation,
      transcriptChanged: before === null,
    };
    await appendEvents(opened.store, String(externalId.charCodeAt(0) * 10 + n), conversationEvents(told));
    before = after;
  }
  await opened.store.objects.send(
    new PutObjectCommand({ Bucket: opened.store.bucket, Key: `media/${uuid}/abc/1`, Body: `${word} bytes` }),
  );
  return uuid;
}

export async function openErasingWorld(): Promise<ErasingWorld> {
  const opened = await testStore();
  const dead = { objects: opened.store.objects, bucket: 'dead-letters' };
  await dead.objects.send(new CreateBucketCommand({ Bucket: dead.bucket }));
  const gone = await store(opened, 'ada-1', [[ada(formerEmail)], [ada('ada@example.com')]], 'SECRETWORD');
  const stays = await store(opened, 'bob-1', [[bob]], 'harmless');
  await opened.store.objects.send(
    new CreateMultipartUploadCommand({ Bucket: opened.store.bucket, Key: `media/${gone}/abc/2` }),
  );
  await takeCopy(opened.store, { uuid: gone, key: 'rec' }, epoch, 1);
  const of = { connection: 'support', stream: 'calls', reason: 'x' };
  for (const raw of ['{"title":"SECRETWORD one"}', '{"title":"SECRETWORD two"}'])
    await quarantine(opened.store, { ...of, externalId: 'ada-1', raw }, epoch);
  await quarantine(
    opened.store,
    { ...of, externalId: 'ada-2', raw: '{"from":"(0)1632 960111 or 441632960111"}' },
    epoch,
  );
  await quarantine(opened.store, { ...of, externalId: null, raw: '{"mail":"call +44 1632 960111"}' }, epoch);
  await quarantine(opened.store, { ...of, externalId: 'bob-2', raw: '{"from":"+441632960999"}' }, epoch);
  const [adas, bobs] = [await getRecord(opened.store, gone), await getRecord(opened.store, stays)];
  if (!adas || !bobs) throw new TypeError('not stored');
  const payload = JSON.stringify({ Records: [step(null, adas.record), step(null, bobs.record)] });
  const batch = { requestContext: { functionArn: 'arn:aws:lambda:eu-west-1:1:function:publish' }, payload };
  const fail = async (name: string): Promise<void> => {
    const Body = JSON.stringify(batch);
    await dead.objects.send(new PutObjectCommand({ Bucket: dead.bucket, Key: `aws/lambda/${name}`, Body }));
  };
  await fail('one');
  return {
    ...{ opened, dead, gone, stays, fail },
    publishErased: async () => {
      const stone = toTombstone((await getItem(opened.store, gone, true)) ?? {});
      if (!stone) throw new TypeError('not erased');
      await appendEvents(opened.store, '99', [erasedEvent({ ...stone, erasedAt: stone.at })]);
    },
    texts: async () =>
      new Map([...(await itemTexts(opened.store)), ...(await objectTexts(opened.store)), ...(await objectTexts(dead))]),
  };
}

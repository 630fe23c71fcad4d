import { GetObjectCommand, ListMultipartUploadsCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { connectionSchema } from '#shared/domain/connections.ts';
import type { StoredConversation } from '#shared/domain/conversation.ts';
import type { ListedFile } from '#shared/domain/media.ts';
import type { MediaJob } from '#shared/domain/media-job.ts';
import type { MediaDoor } from '#shared/ingest/media-session.ts';
import { writeVersion } from '#shared/ingest/write-version.ts';
import { type CopyEnd, copyMedia } from '#shared/media/copy-media.ts';
import type { CopyContext } from '#shared/media/copy-task.ts';
import type { MediaSource, Session } from '#shared/providers/connector.ts';
import { getRecord, putVersion } from '#shared/storage/conversations.ts';
import { awaiting, recordOf } from '#test/support/records.ts';
import { type TestStore, testStore } from '#test/support/store.ts';
import { type VirtualClock, virtualClock } from '#test/support/virtual-clock.ts';
import { type FileServer, fileServer } from './file-server.ts';

/** A store with one conversation whose file is to be copied, and a provider in memory that serves it. */
export type Copying = {
  opened: TestStore;
  clock: VirtualClock;
  server: FileServer;
  job: MediaJob;
  /** what the provider says of where the bytes are; may throw */
  locate: () => MediaSource;
  copy: (more?: Partial<CopyContext> & { last?: boolean }) => Promise<CopyEnd>;
  /** the provider lists the file anew */
  list: (file: Partial<ListedFile>) => Promise<void>;
  conversation: () => Promise<StoredConversation>;
  /** names and bytes of all media in the bucket */
  objects: () => Promise<Map<string, Buffer>>;
  /** uploads that are neither completed nor aborted */
  uploads: () => Promise<number>;
};

/** So late that the table's real clock lets nothing expire. */
const start = Date.parse('2100-01-01T00:00:00Z');

export const part = 5 * 1024 ** 2;

const listed: ListedFile = { key: 'rec/1', kind: 'recording', contentType: 'audio/wav', bytes: null, revision: 'r1' };

export async function openCopying(file: Partial<ListedFile> = {}, connection: object = {}): Promise<Copying> {
  const opened = await testStore();
  const clock = virtualClock(start);
  const first = recordOf('c1', { files: [{ ...listed, ...file }] }, clock.now());
  await putVersion(opened.store, first, 0);
  const { uuid } = first.conversation;
  const server = fileServer();
  const door: MediaDoor = { open: (place, request) => server.open(place, request) };
  const session = sessionOf(connection, clock.now);
  const context: Omit<CopyContext, 'media'> = {
    ...{ store: opened.store, clock, now: clock.now, slowPutMs: 5_000, door, session },
    expectation: awaiting('transcript', 'sentiment'),
    signal: new AbortController().signal,
  };
  const copying: Copying = {
    ...{ opened, clock, server },
    job: { connection: 'support', uuid, key: listed.key, last: false },
    locate: () => ({ from: 'account', path: '/file' }),
    copy: ({ last = false, ...more } = {}) =>
      copyMedia({ ...context, media: { locate: async () => copying.locate() }, ...more }, { ...copying.job, last }),
    list: async (now) => {
      await writeVersion(context, uuid, true, (record) => {
        if (!record) throw new TypeError('no record');
        const files = record.conversation.files.map((known) => ({ ...known, ...now }));
        return { ...record, conversation: { ...record.conversation, files } };
      });
    },
    conversation: async () => {
      const found = await getRecord(opened.store, uuid);
      if (!found) throw new TypeError('no record');
      return found.record.conversation;
    },
    objects: () => mediaObjects(opened),
    uploads: async () => {
      const { objects, bucket } = opened.store;
      const { Uploads = [] } = await objects.send(new ListMultipartUploadsCommand({ Bucket: bucket }));
      return Uploads.length;
    },
  };
  return copying;
}

/** The account's API, which nobody asks but `locate` and the door: both are doubles here. */
function sessionOf(connection: object, now: () => number): Session {
  const parsed = connectionSchema.parse({
    id: 'support',
    provider: 'talkdesk',
    credentials: { token: 't' },
    ...connection,
  });
  const unasked = (): Promise<never> => Promise.reject(new Error('there is no API'));
  return { connection: parsed, baseUrl: 'https://files.example', now, getJson: unasked, postJson: unasked };
}

async function mediaObjects({ store: { objects, bucket } }: TestStore): Promise<Map<string, Buffer>> {
  const { Contents = [] } = await objects.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: 'media/' }));
  const found = new Map<string, Buffer>();
  for (const { Key: name = '' } of Contents) {
    const { Body: body } = await objects.send(new GetObjectCommand({ Bucket: bucket, Key: name }));
    found.set(name, Buffer.from((await body?.transformToByteArray()) ?? []));
  }
  return found;
}

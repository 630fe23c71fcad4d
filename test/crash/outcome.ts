import { createHash } from 'node:crypto';
import { GetObjectCommand, ListMultipartUploadsCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import type { DynamoDBRecord } from 'aws-lambda';
import type { DynamodbEndpoint } from '#infra/local/dynamodb/endpoint.ts';
import { piecesOf } from '#infra/local/fakes/byte-source.ts';
import type { StoredConversation } from '#shared/domain/conversation.ts';
import { needsCopy } from '#shared/domain/media-copy.ts';
import { conversationSort } from '#shared/facts/table.ts';
import { unpackRecord } from '#shared/storage/conversation-item.ts';
import type { Store } from '#shared/storage/document-client.ts';
import { copyProgressSchema } from '#shared/storage/media-copies.ts';
import { quarantinePartition } from '#shared/storage/quarantine.ts';
import { listStreams } from '#shared/storage/streams.ts';
import type { CrashWorld } from './world.ts';

/** Where one case's traces lie. `eventIds` are in the order of the bus, repeats included. */
export type Account = {
  feed: DynamodbEndpoint['feed'];
  store: Store;
  world: CrashWorld;
  eventIds: string[];
};

/** What must hold of a finished case, told from one that was never disturbed. */
export type Outcome = {
  conversations: ReturnType<typeof withoutTimes>[];
  quarantined: unknown[];
  eventIds: string[];
  /** names of all media in the bucket: no second object, and none that nobody names */
  objects: string[];
  /** keys of files whose bytes are still to come */
  uncopied: string[];
};

/** How often each conversation was written, by uuid: a fruitless asking writes nothing. */
export type Writes = Readonly<Record<string, number>>;

/** What a case has left, read past the gates. */
export type Left = {
  outcome: () => Promise<Outcome>;
  writes: () => Promise<Writes>;
  /** what must be empty at every instant */
  faults: () => Promise<{ passedButMissing: string[]; untrue: string[] }>;
  /** uploads under way of which no item knows: the bucket's own rule ends them */
  lostUploads: () => Promise<number>;
};

/** The changes of conversations among a stream's records. */
export const transitionsOf = (records: Awaited<ReturnType<DynamodbEndpoint['feed']['read']>>): DynamoDBRecord[] =>
  // The endpoint's records are those of the service, but for the types of single attributes.
  records.filter(({ dynamodb }) => dynamodb.Keys['sk']?.['S'] === conversationSort) as unknown as DynamoDBRecord[];

const sha512 = (pieces: Iterable<Uint8Array>): string => {
  const digest = createHash('sha512');
  for (const piece of pieces) digest.update(piece);
  return digest.digest('hex');
};

export function openLeft(account: Account): Left {
  const { feed, store, world } = account;
  const { table } = store;
  const scan = async () =>
    (await store.documents.send(new ScanCommand({ TableName: table, ConsistentRead: true }))).Items ?? [];
  const conversations = async (): Promise<StoredConversation[]> =>
    (await scan()).filter(({ sk }) => sk === conversationSort).map(unpackRecord);
  const quarantined = async () => {
    const items = (await scan()).filter(({ pk }) => pk === quarantinePartition(world.connection.id));
    return items.map(({ externalId, digest }) => ({ externalId, digest }));
  };
  return {
    outcome: async () => {
      const records = (await conversations()).sort((a, b) => (a.id < b.id ? -1 : 1));
      return {
        conversations: records.map(withoutTimes),
        quarantined: await quarantined(),
        eventIds: [...new Set(account.eventIds)].sort(),
        objects: await mediaObjects(store),
        uncopied: records.flatMap((one) => one.files.filter((file) => needsCopy(one, file)).map(({ key }) => key)),
      };
    },
    writes: async () => {
      const changes = transitionsOf(await feed.read(table, '', 1_000));
      const groups = Object.groupBy(changes, ({ dynamodb: change }) => change?.Keys?.['pk']?.S ?? '');
      return Object.fromEntries(Object.entries(groups).map(([uuid, writes = []]) => [uuid, writes.length]));
    },
    faults: async () => {
      const [state] = await listStreams(store);
      const passed = state?.checkpoint ? world.passedBy(state.checkpoint.live) : [];
      const records = await conversations();
      const stored = new Set([...records, ...(await quarantined())].map(({ externalId }) => externalId));
      const untrue = await Promise.all(records.map((record) => untrueMedia(store, world, record)));
      return { passedButMissing: passed.filter((id) => !stored.has(id)), untrue: untrue.flat() };
    },
    lostUploads: async () => {
      const items = (await scan()).filter(({ pk }) => String(pk).startsWith('media#'));
      const known = new Set(items.map(({ progress }) => copyProgressSchema.nullish().parse(progress)?.upload.id));
      const { Uploads: uploads = [] } = await store.objects.send(
        new ListMultipartUploadsCommand({ Bucket: store.bucket }),
      );
      return uploads.filter(({ UploadId: id }) => !known.has(id)).length;
    },
  };
}

/** What is stored, but for when. */
function withoutTimes({ observedAt: _o, updatedAt: _u, firstSeenAt: _f, artifacts, ...content }: StoredConversation) {
  const states = Object.entries(artifacts).map(([kind, { state, reason }]) => [kind, state, reason]);
  return { ...content, artifacts: states };
}

async function mediaObjects({ objects, bucket }: Store): Promise<string[]> {
  const { Contents: found = [] } = await objects.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: 'media/' }));
  return found.map(({ Key: name = '' }) => name).sort();
}

const provided = new WeakMap<CrashWorld, Map<string, { length: number; sha512: string }>>();

function providedBy(world: CrashWorld, id: string, key: string): { length: number; sha512: string } {
  const known = provided.get(world) ?? new Map<string, { length: number; sha512: string }>();
  provided.set(world, known);
  const source = world.bytesOf(id, key);
  const file = known.get(`${id}/${key}`) ?? { length: source.length, sha512: sha512(piecesOf(source)) };
  known.set(`${id}/${key}`, file);
  return file;
}

/** Names of a record's media whose object is missing or has other bytes than the provider's, or than the record says. */
async function untrueMedia(store: Store, world: CrashWorld, record: StoredConversation): Promise<string[]> {
  const untrue: string[] = [];
  for (const { key, object, bytes, sha512: said } of record.media) {
    const provided = providedBy(world, record.externalId, key);
    const got = await store.objects
      .send(new GetObjectCommand({ Bucket: store.bucket, Key: object }))
      .then(async ({ Body: body }) => sha512([(await body?.transformToByteArray()) ?? new Uint8Array()]))
      .catch(() => 'missing');
    if (bytes !== provided.length || said !== got || got !== provided.sha512) untrue.push(object);
  }
  return untrue;
}

import { createHash } from 'node:crypto';
import { GetObjectCommand, ListMultipartUploadsCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import type { DynamoDBRecord } from 'aws-lambda';
import type { StreamRecord } from '#infra/local/dynamodb/stream-record.ts';
import { piecesOf } from '#infra/local/fakes/byte-source.ts';
import type { StoredConversation } from '#shared/domain/conversation.ts';
import { needsCopy } from '#shared/domain/media-copy.ts';
import { erasureResult } from '#shared/domain/operation-erasure.ts';
import { conversationSort, ledgerPrefix, operationsPrefix, streamsPartition } from '#shared/facts/table.ts';
import { unpackRecord } from '#shared/storage/conversation-item.ts';
import type { Store } from '#shared/storage/document-client.ts';
import { listEventObjects, readEventObject } from '#shared/storage/event-log.ts';
import { type HourRow, toHourRow } from '#shared/storage/ledger-rows.ts';
import { copyProgressSchema } from '#shared/storage/media-copies.ts';
import { quarantinePartition } from '#shared/storage/quarantine-key.ts';
import { streamStateSchema } from '#shared/storage/streams.ts';
import { isTombstone, type Tombstone, toTombstone } from '#shared/storage/tombstones.ts';
import { readVault } from '#test/support/raw-vault.ts';
import { itemTexts, objectTexts } from '#test/support/texts.ts';
import type { Told } from './clients.ts';
import type { Place } from './machine.ts';
import { remembered } from './remembered.ts';
import type { CrashWorld } from './world.ts';

/** Where one case's traces lie. */
export type Account = Place & { world: CrashWorld; told: Told };

/** What must hold of a finished case, told from one that was never disturbed. */
export type Outcome = {
  conversations: ReturnType<typeof withoutTimes>[];
  quarantined: unknown[];
  /** the books of the hours that were read, but for when */
  hours: Omit<HourRow, 'verifiedAt' | 'computedAt'>[];
  eventIds: string[];
  /** of those, what stands in the event log, and what a replay has told again */
  loggedIds: string[];
  replayedIds: string[];
  /** names of all media in the bucket: no second object, and none that nobody names */
  objects: string[];
  /** keys of files whose bytes are still to come */
  uncopied: string[];
  /** ids of the conversations that have a tombstone, and names of what still tells of the world's person */
  erased: string[];
  traces: string[];
  /** how far each operation has come */
  operations: unknown[];
};

/** How often each conversation was written, by uuid: a fruitless asking writes nothing. */
export type Writes = Readonly<Record<string, number>>;

/**
 * What a finished case has left. `lostUploads` are those of which no item knows: the bucket's own rule ends them.
 * `unnamed` are raw answers whose conversation does not name their pack.
 */
export type End = { faults: Faults; outcome: Outcome; writes: Writes; lostUploads: number; unnamed: string[] };

/** What must be empty at every instant. */
type Faults = { passedButMissing: string[]; untrue: string[]; unkept: string[] };

/** What a case has left, read between its runs, when calls go past every gate. */
export type Left = { faults: () => Promise<Faults>; end: () => Promise<End> };

// The endpoint's records are those of the service, but for the types of single attributes.
const asRecords = (records: readonly StreamRecord[]) => records as unknown as DynamoDBRecord[];

/** The changes of conversations among a stream's records. */
export const transitionsOf = (records: readonly StreamRecord[]): DynamoDBRecord[] =>
  asRecords(records.filter(({ dynamodb }) => dynamodb.Keys['sk']?.['S'] === conversationSort));

/** What of a stream's records goes to publish: of these worlds, conversations, readings of hours and operations that were asked for. */
export function publishedOf(records: readonly StreamRecord[]): DynamoDBRecord[] {
  const isOf = (prefix: string, { dynamodb }: StreamRecord): boolean =>
    String(dynamodb.Keys['pk']?.['S']).startsWith(prefix);
  const isTold = (record: StreamRecord): boolean =>
    isOf(ledgerPrefix, record) || (record.eventName === 'INSERT' && isOf(operationsPrefix, record));
  return asRecords(
    records.filter((record) => record.dynamodb.Keys['sk']?.['S'] === conversationSort || isTold(record)),
  );
}

const sha512 = (pieces: Iterable<Uint8Array>): string => {
  const digest = createHash('sha512');
  for (const piece of pieces) digest.update(piece);
  return digest.digest('hex');
};

type Items = readonly Record<string, unknown>[];

export const openLeft = (account: Account): Left => ({
  faults: async () => (await lookAt(await shown(account))).faults,
  end: async () => {
    const left = await shown(account);
    const { items, faults, unnamed } = await lookAt(left);
    return {
      faults,
      outcome: await outcomeOf(left, items),
      writes: await writesOf(left),
      lostUploads: await lostUploads(left.store, items),
      unnamed,
    };
  },
});

const shown = async (account: Account): Promise<Account> => ({ ...account, store: await remembered(account.store) });

/** The table read once, and what is wrong with what lies there. */
async function lookAt({ store, world }: Account): Promise<{ items: Items; faults: Faults; unnamed: string[] }> {
  const items = await scan(store);
  const records = conversationsIn(items);
  const known = [...records, ...stonesIn(items), ...quarantinedIn(items, world)];
  const stored = new Set(known.map(({ externalId }) => externalId));
  const stream = items.find(({ pk }) => pk === streamsPartition);
  const { checkpoint = null } = stream ? streamStateSchema.parse(stream) : {};
  const passed = checkpoint ? world.passedBy(checkpoint.live) : [];
  const { unkept, unnamed } = await readVault(store, items);
  const passedButMissing = passed.filter((id) => !stored.has(id));
  return { items, unnamed, faults: { passedButMissing, untrue: await untrueMedia(store, world, records), unkept } };
}

const scan = async ({ documents, table }: Store): Promise<Items> =>
  (await documents.send(new ScanCommand({ TableName: table, ConsistentRead: true }))).Items ?? [];

const conversationsIn = (items: Items): StoredConversation[] =>
  items.filter((item) => item['sk'] === conversationSort && !isTombstone(item)).map(unpackRecord);

const stonesIn = (items: Items): Tombstone[] =>
  items.filter((item) => item['sk'] === conversationSort).flatMap((item) => toTombstone(item) ?? []);

/** Who has no answer asks for an erasure again; of the two one reaches something. */
const isRepeat = ({ pk, result }: Items[number]): boolean =>
  pk === `${operationsPrefix}erasures` && !erasureResult.safeParse(result).data?.count;

/** Once the erasure is done. */
async function tracesOf({ store, world: { person } }: Account, items: Items): Promise<string[]> {
  if (!person || stonesIn(items).length === 0) return [];
  const texts = [...(await itemTexts(store)), ...(await objectTexts(store))];
  return texts.flatMap(([name, text]) =>
    person.traces.filter((trace) => name.includes(trace) || text.includes(trace)).map((trace) => `${trace}: ${name}`),
  );
}

const quarantinedIn = (items: Items, { connection }: CrashWorld) =>
  items
    .filter(({ pk }) => pk === quarantinePartition(connection.id))
    .map(({ externalId, digest }) => ({ externalId, digest }));

const hoursIn = (items: Items): Outcome['hours'] =>
  items
    .filter(({ pk }) => String(pk).startsWith(ledgerPrefix))
    .map(toHourRow)
    .map(({ verifiedAt: _v, computedAt: _c, ...row }) => row);

async function outcomeOf(account: Account, items: Items): Promise<Outcome> {
  const { store, world, told } = account;
  const records = conversationsIn(items).sort((a, b) => (a.id < b.id ? -1 : 1));
  return {
    conversations: records.map(withoutTimes),
    quarantined: quarantinedIn(items, world),
    hours: hoursIn(items),
    eventIds: unique(told.eventIds),
    loggedIds: unique(await loggedIn(store)),
    replayedIds: unique(told.replayedIds),
    erased: stonesIn(items)
      .map(({ externalId }) => externalId)
      .sort(),
    traces: await tracesOf(account, items),
    objects: [...(await mediaIn(store)).keys()].sort(),
    operations: items
      .filter((item) => String(item['pk']).startsWith(operationsPrefix) && !isRepeat(item))
      .map(({ pk, state, progress, error }) => ({ pk, state, progress, error })),
    uncopied: records.flatMap((one) => one.files.filter((file) => needsCopy(one, file)).map(({ key }) => key)),
  };
}

const unique = (ids: readonly string[]): string[] => [...new Set(ids)].sort();

const always = { from: '0000', to: '9999' };

async function loggedIn(store: Store): Promise<string[]> {
  const ids: string[] = [];
  for await (const { key } of listEventObjects(store, always))
    ids.push(...(await readEventObject(store, key)).map(({ id }) => id));
  return ids;
}

async function writesOf({ feed, store }: Account): Promise<Writes> {
  const changes = transitionsOf(await feed.read(store.table, '', 1_000));
  const groups = Object.groupBy(changes, ({ dynamodb: change }) => change?.Keys?.['pk']?.S ?? '');
  return Object.fromEntries(Object.entries(groups).map(([uuid, writes = []]) => [uuid, writes.length]));
}

async function lostUploads({ objects, bucket }: Store, items: Items): Promise<number> {
  const progresses = items.filter(({ pk }) => String(pk).startsWith('media#')).map(({ progress }) => progress);
  const known = new Set(progresses.map((progress) => copyProgressSchema.nullish().parse(progress)?.upload.id));
  const { Uploads: uploads = [] } = await objects.send(new ListMultipartUploadsCommand({ Bucket: bucket }));
  return uploads.filter(({ UploadId: id }) => !known.has(id)).length;
}

/** What is stored, but for when. */
function withoutTimes({ observedAt: _o, updatedAt: _u, firstSeenAt: _f, artifacts, ...content }: StoredConversation) {
  const states = Object.entries(artifacts).map(([kind, { state, reason }]) => [kind, state, reason]);
  return { ...content, artifacts: states };
}

/** Names of all media in the bucket with their tags. */
async function mediaIn({ objects, bucket }: Store): Promise<Map<string, string>> {
  const { Contents: found = [] } = await objects.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: 'media/' }));
  return new Map(found.map(({ Key: name = '', ETag: tag = '' }) => [name, tag]));
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

/** SHA-512 by tag: bytes that the store has digested to the same tag are not read again. */
const digests = new Map<string, string>();

async function digestOf({ objects, bucket }: Store, name: string, tag: string): Promise<string> {
  const known = digests.get(tag);
  if (known) return known;
  const { Body: body } = await objects.send(new GetObjectCommand({ Bucket: bucket, Key: name }));
  const digest = sha512([(await body?.transformToByteArray()) ?? new Uint8Array()]);
  digests.set(tag, digest);
  return digest;
}

/** Names of media whose object is missing or has other bytes than the provider's, or than their record says. */
async function untrueMedia(store: Store, world: CrashWorld, records: readonly StoredConversation[]): Promise<string[]> {
  const untrue: string[] = [];
  const named = records.flatMap(({ externalId, media }) => media.map((one) => ({ externalId, ...one })));
  const found = named.length > 0 ? await mediaIn(store) : new Map<string, string>();
  for (const { externalId, key, object, bytes, sha512: said } of named) {
    const provided = providedBy(world, externalId, key);
    const tag = found.get(object);
    const got = tag === undefined ? 'missing' : await digestOf(store, object, tag);
    if (bytes !== provided.length || said !== got || got !== provided.sha512) untrue.push(object);
  }
  return untrue;
}

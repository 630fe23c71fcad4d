import { promisify } from 'node:util';
import { constants, zstdCompress, zstdDecompress } from 'node:zlib';
import { GetObjectCommand, PutObjectCommand, paginateListObjectsV2 } from '@aws-sdk/client-s3';
import { ServiceUnavailable } from '#shared/domain/errors.ts';
import { dayOfPack, fileOfPack, namesIn, type PackName, uuidOfLine } from '#shared/domain/raw-answer.ts';
import { itemAttributes as a, tableKeys } from '#shared/facts/table.ts';
import { conversationKey } from './conversation-item.ts';
import { batchGet } from './conversations.ts';
import type { Store } from './document-client.ts';
import { type Bucket, isRefusal } from './media-objects.ts';
import { removeObject } from './remove-objects.ts';

/**
 * The providers' answers, packed by the work that brought them: `raw/<connection>/<YYYY-MM-DD>/<name>.ndjson.zst`, a line
 * an answer (docs/adr/0014-raw-vault.md). Each answer's conversation names the pack, so it is found without an index.
 */
const prefixOf = (connection: string): string => `raw/${connection}/`;
const keyOf = (connection: string, name: PackName): string =>
  `${prefixOf(connection)}${dayOfPack(name)}/${fileOfPack(name)}.ndjson.zst`;

/** The fastest level that finds what the answers of one pack have in common: 7:1, where those below it come to 4:1. */
const settings = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };
const [compress, decompress] = [promisify(zstdCompress), promisify(zstdDecompress)];

/** Writers of one pack that may be faster in a row before something must be wrong. */
const attemptLimit = 10;

/**
 * Puts a pack of these lines. Where the name is taken, by the same work before it stopped, they are added: of the lines
 * there those stay whose conversations name the pack, for the others came to nothing. `most` is how many are kept.
 */
export async function putPack(
  store: Store,
  connection: string,
  name: PackName,
  lines: readonly string[],
  most = Number.POSITIVE_INFINITY,
): Promise<void> {
  const key = keyOf(connection, name);
  for (let attempt = 0; attempt < attemptLimit; attempt++) {
    if (await write(store, key, lines, null)) return;
    const there = await read(store, key);
    if (!there) continue;
    const named = await namedBy(store, new Set(there.lines.map(uuidOfLine)), name);
    const kept = there.lines.filter((line) => named.has(uuidOfLine(line)));
    if (await write(store, key, [...kept, ...lines].slice(-most), there.etag)) return;
  }
  throw lostRaces(key);
}

async function namedBy(store: Store, uuids: ReadonlySet<string>, name: PackName): Promise<Set<string>> {
  const items = await batchGet(store, [...uuids].map(conversationKey), [tableKeys.partition, a.packs]);
  const naming = items.filter((item) => namesIn(String(item[a.packs] ?? '')).includes(name));
  return new Set(naming.map((item) => String(item[tableKeys.partition])));
}

/** The lines of a pack, in the order in which their answers came; null where there is no such pack (any more). */
export async function readPack(bucket: Bucket, connection: string, name: PackName): Promise<string[] | null> {
  return (await read(bucket, keyOf(connection, name)))?.lines ?? null;
}

/** Rewrites packs of a connection without these conversations' answers; gives how many answers that were. */
export async function removeFromPacks(
  bucket: Bucket,
  connection: string,
  names: readonly PackName[],
  uuids: readonly string[],
): Promise<number> {
  const gone = new Set(uuids);
  let removed = 0;
  for (const name of new Set(names)) removed += await removeFrom(bucket, keyOf(connection, name), gone);
  return removed;
}

async function removeFrom(bucket: Bucket, key: string, uuids: ReadonlySet<string>): Promise<number> {
  for (let attempt = 0; attempt < attemptLimit; attempt++) {
    const there = await read(bucket, key);
    if (!there) return 0;
    const rest = there.lines.filter((line) => !uuids.has(uuidOfLine(line)));
    const removed = there.lines.length - rest.length;
    if (removed === 0 || (await write(bucket, key, rest, there.etag))) return removed;
  }
  throw lostRaces(key);
}

const lostRaces = (key: string): ServiceUnavailable =>
  new ServiceUnavailable(`object ${key}: lost ${attemptLimit} races for one pack`);

/** A pack as an object: its name in the bucket, and its day (`2026-03-02`). */
export type PackObject = { key: string; day: string };

/** The packs of a connection of the days before this one (`2026-03-02`), oldest first. */
export async function* listPacksBefore(
  { objects, bucket }: Bucket,
  connection: string,
  day: string,
): AsyncIterable<PackObject> {
  const client = 'client' in objects ? await objects.client() : objects;
  const prefix = prefixOf(connection);
  for await (const { Contents: found = [] } of paginateListObjectsV2({ client }, { Bucket: bucket, Prefix: prefix })) {
    for (const { Key: key = '' } of found) {
      const own = key.slice(prefix.length, prefix.length + day.length);
      if (own >= day) return;
      yield { key, day: own };
    }
  }
}

type Found = { lines: string[]; etag: string };

/** Null where there is no such object. */
async function read({ objects, bucket }: Bucket, key: string): Promise<Found | null> {
  try {
    const { Body: body, ETag: etag } = await objects.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    if (!body || etag === undefined) throw new TypeError(`object ${key} has no body or no ETag`);
    const text = (await decompress(await body.transformToByteArray())).toString('utf8');
    return { lines: text.split('\n').filter((line) => line !== ''), etag };
  } catch (error) {
    // Who may not list the bucket is not told that a name is free.
    if (isRefusal(error, 'NoSuchKey', 'AccessDenied')) return null;
    throw error;
  }
}

/** Writes a pack on top of the one with this ETag, or of none; false where another is there. */
async function write(
  { objects, bucket }: Bucket,
  key: string,
  lines: readonly string[],
  onTopOf: string | null,
): Promise<boolean> {
  const input = {
    ...{ Bucket: bucket, Key: key, ContentType: 'application/zstd' },
    Body: await compress(Buffer.from(lines.map((line) => `${line}\n`).join('')), settings),
    ...(onTopOf === null ? { IfNoneMatch: '*' } : { IfMatch: onTopOf }),
  };
  try {
    await objects.send(new PutObjectCommand(input));
    return true;
  } catch (error) {
    if (isRefusal(error, 'PreconditionFailed', 'ConditionalRequestConflict', 'NoSuchKey')) return false;
    throw error;
  }
}

/** Removes a pack but for the answers of conversations under a legal hold, and gives how many answers that were. */
export async function expirePack(store: Store, key: string): Promise<number> {
  for (let attempt = 0; attempt < attemptLimit; attempt++) {
    const there = await read(store, key);
    if (!there) return 0;
    const held = await heldOf(store, new Set(there.lines.map(uuidOfLine)));
    const rest = there.lines.filter((line) => held.has(uuidOfLine(line)));
    const removed = there.lines.length - rest.length;
    if (rest.length === 0) {
      await removeObject(store, key);
      return removed;
    }
    if (removed === 0 || (await write(store, key, rest, there.etag))) return removed;
  }
  throw lostRaces(key);
}

/** Keys that one BatchGetItem takes. */
const batchLimit = 100;

async function heldOf(store: Store, uuids: ReadonlySet<string>): Promise<Set<string>> {
  const held = new Set<string>();
  const keys = [...uuids].map(conversationKey);
  for (let i = 0; i < keys.length; i += batchLimit) {
    const items = await batchGet(store, keys.slice(i, i + batchLimit), [tableKeys.partition, a.hold]);
    for (const item of items) if (a.hold in item) held.add(String(item[tableKeys.partition]));
  }
  return held;
}

import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { DeleteObjectCommand, GetObjectCommand, PutObjectCommand, paginateListObjectsV2 } from '@aws-sdk/client-s3';
import { type EarshotEvent, earshotEventSchema } from '#shared/domain/events.ts';
import type { Bucket } from './media-objects.ts';

/**
 * What stood on the bus, by the hour of the events' `time` (docs/adr/0010-event-log.md): objects of gzipped JSON lines,
 * `events/<YYYY-MM-DDTHH>/<sequence number>-<count>.ndjson.gz`. Nothing of a provider is in a name.
 */
const prefix = 'events/';
const nameForm = /^events\/(\d{4}-\d{2}-\d{2}T\d{2})\/\d+-(\d+)\.ndjson\.gz$/;

/** Digits of a name's sequence number: more than the table's stream uses, so that names sort as the numbers do. */
const sequenceDigits = 40;

const [compress, decompress] = [promisify(gzip), promisify(gunzip)];

/** An hour of a day in UTC, `2026-03-02T09`, as objects are named by it. */
const hourOf = (time: string): string => time.slice(0, '2026-03-02T09'.length);

/**
 * Adds what a batch of the table's stream put on the bus, an object for each hour. `sequence` is the number of the
 * batch's first record: the same batch writes the same objects again.
 */
export async function appendEvents(
  { objects, bucket }: Bucket,
  sequence: string,
  events: readonly EarshotEvent[],
): Promise<void> {
  for (const [hour, part] of Map.groupBy(events, ({ time }) => hourOf(time))) {
    const lines = part.map((event) => `${JSON.stringify(event)}\n`);
    await objects.send(
      new PutObjectCommand({
        Bucket: bucket,
        Key: `${prefix}${hour}/${sequence.padStart(sequenceDigits, '0')}-${part.length}.ndjson.gz`,
        Body: await compress(lines.join('')),
        ContentType: 'application/gzip',
      }),
    );
  }
}

/** An object of the log: its name, its hour (`2026-03-02T09`), and how many events are in it. */
export type EventObject = { key: string; hour: string; count: number };

/**
 * The objects of every hour that has a part in `from` to `to` (ISO 8601 UTC, `to` excluded), by hour and then by sequence
 * number; only those behind the name `after` where it is given. An event may stand in two objects: a batch that failed
 * in part comes again.
 */
export async function* listEventObjects(
  { objects, bucket }: Bucket,
  { from, to }: Readonly<{ from: string; to: string }>,
  after?: string,
): AsyncIterable<EventObject> {
  const client = 'client' in objects ? await objects.client() : objects;
  const input = { Bucket: bucket, Prefix: prefix, StartAfter: after ?? `${prefix}${hourOf(from)}` };
  for await (const { Contents: found = [] } of paginateListObjectsV2({ client }, input)) {
    for (const { Key: key = '' } of found) {
      const [, hour, count] = nameForm.exec(key) ?? [];
      if (hour === undefined) continue;
      if (Date.parse(`${hour}:00:00.000Z`) >= Date.parse(to)) return;
      yield { key, hour, count: Number(count) };
    }
  }
}

/** The events of an object, in the order in which they were sent. Throws where there is no such object. */
export async function readEventObject({ objects, bucket }: Bucket, key: string): Promise<EarshotEvent[]> {
  const { Body: body } = await objects.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
  if (!body) throw new TypeError(`object ${key} has no body`);
  const text = (await decompress(await body.transformToByteArray())).toString('utf8');
  const lines = text.split('\n').filter((line) => line !== '');
  return lines.map((line) => earshotEventSchema.parse(JSON.parse(line)));
}

/**
 * Rewrites an object of the log without some of its events, and gives how many these were. The new one stands there before
 * the old one goes: stopped in between, the log holds the others twice, as it may anyway.
 */
export async function removeEvents(
  { objects, bucket }: Bucket,
  { key, hour, count }: EventObject,
  isGone: (event: EarshotEvent) => boolean,
): Promise<number> {
  const events = await readEventObject({ objects, bucket }, key);
  const rest = events.filter((event) => !isGone(event));
  if (rest.length === events.length) return 0;
  if (rest.length > 0) {
    const sequence = key.slice(`${prefix}${hour}/`.length, -`-${count}.ndjson.gz`.length);
    const lines = rest.map((event) => `${JSON.stringify(event)}\n`);
    await objects.send(
      new PutObjectCommand({
        Bucket: bucket,
        Key: `${prefix}${hour}/${sequence}-${rest.length}.ndjson.gz`,
        Body: await compress(lines.join('')),
        ContentType: 'application/gzip',
      }),
    );
  }
  await objects.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }));
  return events.length - rest.length;
}

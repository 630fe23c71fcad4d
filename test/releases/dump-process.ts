import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type AttributeValue, ScanCommand } from '@aws-sdk/client-dynamodb';
import { GetObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import type { DynamoDBRecord } from 'aws-lambda';
import { mediaJobSchema } from '#shared/domain/media-job.ts';
import { operationJobSchema, operationSchema } from '#shared/domain/operation.ts';
import { indexBatch } from '#shared/publish/index-batch.ts';
import { publishBatch } from '#shared/publish/publish-batch.ts';
import { rememberDelivery } from '#shared/storage/deliveries.ts';
import { openDriftNotes } from '#shared/storage/drift.ts';
import { takeCopy } from '#shared/storage/media-copies.ts';
import { putOperation } from '#shared/storage/operations.ts';
import { gatedBus, gatedQueue } from '#test/crash/clients.ts';
import { openPolling, type Polling, record } from '#test/support/polling.ts';
import type { ToyRecord } from '#test/support/toy-provider.ts';

/** An item as DynamoDB's wire has it: bytes as base64. */
type PlainItem = Record<string, { S?: string; B?: string }>;

/** What a release leaves: items as DynamoDB writes them, and objects. */
export type Dump = {
  /** where the clock stood (milliseconds since 1970) */
  at: number;
  items: PlainItem[];
  objects: { key: string; contentType: string; base64: string }[];
};

const long = Array.from({ length: 1_700 }, (_, i) => (i * 2_654_435_761).toString(36)).join(' ');
const [first, second] = ['2026-11-02T08:00:00Z', '2026-11-02T08:30:00Z'];
const file = {
  key: 'recording-1',
  kind: 'recording',
  contentType: 'audio/wav',
  bytes: 12,
  revision: '1',
  locator: 'a',
  sha512: null,
};

/** What the toy provider of a dump lists: of each kind of conversation one. */
export const listedRecords: readonly ToyRecord[] = [
  record(1, { title: 'changed', stamp: second }),
  record(2, { stamp: first, transcript: long }),
  record(3, { stamp: first, files: [file] as never }),
  record(4, { stamp: first, broken: true }),
  // Its transcript is still to come.
  { ...record(5, { stamp: first, unknown: 'new.field' }), transcript: undefined as never },
];

/** Polls, publishes and notes one of everything that outlives a release, and takes it down. */
export async function dump(polling: Polling): Promise<Dump> {
  const { store } = polling.opened;
  let records = [record(1, { stamp: first }), ...listedRecords.slice(1)];
  const toy = polling.toy({ records: () => records });
  await polling.poll(toy);
  polling.clock += 20_000;
  records = [...listedRecords];
  await polling.poll(toy);
  const queue = gatedQueue(mediaJobSchema, () => polling.clock);
  const outlets = {
    bus: { client: gatedBus({ eventIds: [], replayedIds: [] }), name: 'earshot', sleep: async () => {} },
    log: store,
    queues: new Map([['talkdesk', queue.queue]]),
    operations: gatedQueue(operationJobSchema, () => polling.clock).queue,
  };
  const changes = asInserted((await scan(polling)).filter(({ sk }) => sk?.S === 'conversation'));
  await publishBatch(outlets as never, changes);
  await indexBatch(store, changes, polling.clock);
  await openDriftNotes(store)(toy.connection, new Set(['new.field']), polling.clock);
  await rememberDelivery(store, { connection: 'toy', key: 'delivery-1' } as never, polling.clock);
  const [job] = queue.messages;
  if (job) await takeCopy(store, { uuid: job.job.uuid, key: job.job.key } as never, polling.clock, 20_000);
  const at = new Date(polling.clock).toISOString();
  const operation = operationSchema.parse({
    ...{ id: '01931f00-0000-7000-8000-000000000001', kind: 'replays', state: 'done', createdAt: at },
    request: { from: '2026-01-01T00:00:00Z', to: '2027-01-01T00:00:00Z' },
    ...{ progress: { done: 5, total: 5 }, estimateSeconds: 0, result: { events: 5 }, error: null },
    ...{ by: null, clientId: null, updatedAt: at, startedAt: at, endedAt: at },
  });
  await putOperation(store, operation);
  return takeDown(polling);
}

type Item = Record<string, AttributeValue>;

const scan = async ({ opened: { dynamodb } }: Polling): Promise<Item[]> =>
  (await dynamodb.client.send(new ScanCommand({ TableName: dynamodb.table }))).Items ?? [];

/** What the table's stream says of items that are new. */
const asInserted = (items: readonly Item[]): DynamoDBRecord[] =>
  items.map((item, i) => {
    const { pk, sk } = item;
    const dynamodb = { SequenceNumber: String(i), Keys: { pk, sk }, NewImage: plainItem(item) };
    return { eventName: 'INSERT', dynamodb } as unknown as DynamoDBRecord;
  });

async function takeDown(polling: Polling): Promise<Dump> {
  const { opened, clock } = polling;
  const { store } = opened;
  const items = await scan(polling);
  const { Contents: found = [] } = await store.objects.send(new ListObjectsV2Command({ Bucket: store.bucket }));
  const objects = found.map(async ({ Key: key = '' }) => {
    const { Body: body, ContentType: contentType = '' } = await store.objects.send(
      new GetObjectCommand({ Bucket: store.bucket, Key: key }),
    );
    return { key, contentType, base64: Buffer.from((await body?.transformToByteArray()) ?? []).toString('base64') };
  });
  return { at: clock, items: items.map(plainItem), objects: await Promise.all(objects) };
}

/** Bytes as base64, as the wire has them; they stand at the top of an item only. */
const plainItem = (item: Item): PlainItem =>
  Object.fromEntries(
    Object.entries(item).map(([name, value]) => [
      name,
      value.B === undefined ? value : { B: Buffer.from(value.B).toString('base64') },
    ]),
  ) as PlainItem;

/** The items of a dump, to be written. */
export const itemsOf = ({ items }: Dump): Item[] =>
  items.map((item) =>
    Object.fromEntries(
      Object.entries(item).map(([name, value]) => [
        name,
        (value.B === undefined ? value : { B: Buffer.from(value.B, 'base64') }) as AttributeValue,
      ]),
    ),
  );

/** What the table's stream says of a conversation's item that was this before, and is now what lies in the table. */
export async function changeOf(polling: Polling, uuid: string, before: Item | undefined): Promise<DynamoDBRecord> {
  const now = (await scan(polling)).find(({ pk, sk }) => pk?.S === uuid && sk?.S === 'conversation');
  if (!now || !before) throw new TypeError('expected an item before and now');
  const { pk, sk } = now;
  const images = { OldImage: plainItem(before), NewImage: plainItem(now) };
  const dynamodb = { SequenceNumber: '1', Keys: { pk, sk }, ...images };
  return { eventName: 'MODIFY', dynamodb } as unknown as DynamoDBRecord;
}

/** `node test/releases/dump-process.ts FILE`, in a working tree of the release whose data it is to be. */
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const polling = await openPolling();
  writeFileSync(process.argv[2] ?? 'dump.json', `${JSON.stringify(await dump(polling), null, 2)}\n`);
  await polling.opened.close();
}

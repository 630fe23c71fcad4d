import { gunzipSync } from 'node:zlib';
import { EventBridgeClient, PutEventsCommand, type PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { SendMessageBatchCommand, type SendMessageBatchRequestEntry, SQSClient } from '@aws-sdk/client-sqs';
import { mockClient } from 'aws-sdk-client-mock';
import { type EarshotEvent, earshotEventSchema } from '#shared/domain/events.ts';
import type { Outlets } from '#shared/publish/publish-batch.ts';
import { openJobQueue } from '#shared/storage/job-queue.ts';

/** A bus, an event log and two queues in memory, in which a test sees what went out and refuses what it likes. */
export type FakeOutlets = {
  outlets: Outlets;
  /** everything that was taken, in order: `event <id>`, `job <connection> <key>`, `operation <kind> <id>` */
  out: string[];
  /** asked once for each time that something is offered */
  refuses: (line: string) => boolean;
  /** what was taken by the bus, as it was sent */
  entries: PutEventsRequestEntry[];
  /** how many entries each call had */
  calls: number[];
  /** the event log: ids by name of the object */
  log: Map<string, string[]>;
  /** pauses, in milliseconds */
  slept: number[];
  events: () => EarshotEvent[];
  clients: {
    bus: ReturnType<typeof mockBus>;
    queue: ReturnType<typeof mockQueue>;
    objects: ReturnType<typeof mockLog>;
  };
};

export function fakeOutlets(): FakeOutlets {
  const client = new EventBridgeClient({ region: 'us-east-1' });
  const queue = new SQSClient({ region: 'us-east-1' });
  const objects = new S3Client({ region: 'us-east-1' });
  const sleep = async (ms: number) => void fake.slept.push(ms);
  const fake: FakeOutlets = {
    outlets: {
      bus: { client, name: 'earshot', sleep },
      log: { objects, bucket: 'earshot' },
      queues: new Map([['talkdesk', openJobQueue('https://queues.example/talkdesk', queue)]]),
      operations: openJobQueue('https://queues.example/operations', queue),
    },
    ...{ out: [], entries: [], calls: [], slept: [], log: new Map(), refuses: () => false },
    events: () => fake.entries.map(eventIn),
    clients: {
      bus: mockBus(client, () => fake),
      queue: mockQueue(queue, () => fake),
      objects: mockLog(objects, () => fake),
    },
  };
  return fake;
}

/** The event of an entry, which must be one by its schema. */
const eventIn = ({ Detail }: PutEventsRequestEntry): EarshotEvent => earshotEventSchema.parse(JSON.parse(Detail ?? ''));

function take(fake: FakeOutlets, line: string): boolean {
  if (fake.refuses(line)) return false;
  fake.out.push(line);
  return true;
}

const mockBus = (client: EventBridgeClient, fake: () => FakeOutlets) =>
  mockClient(client)
    .on(PutEventsCommand)
    .callsFake(({ Entries }: { Entries: PutEventsRequestEntry[] }) => {
      fake().calls.push(Entries.length);
      const taken = Entries.map((entry) => {
        const isTaken = take(fake(), `event ${eventIn(entry).id}`);
        if (isTaken) fake().entries.push(entry);
        return isTaken;
      });
      return {
        FailedEntryCount: taken.filter((one) => !one).length,
        Entries: taken.map((one) => (one ? { EventId: 'x' } : { ErrorCode: 'ThrottlingException' })),
      };
    });

const mockQueue = (client: SQSClient, fake: () => FakeOutlets) =>
  mockClient(client)
    .on(SendMessageBatchCommand)
    .callsFake(({ Entries }: { Entries: SendMessageBatchRequestEntry[] }) => {
      const failed = Entries.filter(({ MessageBody }) => {
        const { connection, key, kind, id } = JSON.parse(MessageBody ?? '');
        return !take(fake(), kind ? `operation ${kind} ${id}` : `job ${connection} ${key}`);
      });
      return { Failed: failed.map(({ Id }) => ({ Id, Code: 'InternalError' })) };
    });

const mockLog = (client: S3Client, fake: () => FakeOutlets) =>
  mockClient(client)
    .on(PutObjectCommand)
    .callsFake(({ Key, Body }: { Key: string; Body: Uint8Array }) => {
      const lines = gunzipSync(Body).toString('utf8').trimEnd().split('\n');
      fake().log.set(
        Key,
        lines.map((line) => JSON.parse(line).id),
      );
      return {};
    });

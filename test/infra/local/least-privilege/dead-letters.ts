import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { DeleteObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import type { StreamRecord } from '#infra/local/dynamodb/stream-record.ts';
import { putFailedBatch } from '#infra/local/lambda/dead-letter.ts';
import type { Machine } from '#infra/local/machine.ts';
import type { StreamSource } from '#infra/local/template/description.ts';
import { conversationUuid } from '#shared/domain/identity.ts';
import type { Accounts } from './accounts.ts';
import type { Outside } from './outside.ts';

const queues = ['media-salesloft', 'media-talkdesk', 'media-vonage', 'media-magpipe', 'inbox-salesloft', 'operations'];

/** Sends a message to one of the deployment's queues. */
export async function sendJob({ parts: { clients, endpoints } }: Machine, queue: string, body: object): Promise<void> {
  const QueueUrl = endpoints.queueUrl(`earshot-${queue}`);
  await clients.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify(body) }));
}

/** A delivery that was accepted: its body, were it there, would lie in the bucket. */
export const delivery = (connection: string) => ({
  ...{ connection, key: connection, event: 'conversation_created', isSigned: true, receivedAt: 0, waits: 0 },
  object: `inbox/${connection}/none`,
});

/** What fails: jobs that no function understands, and the dead letters of each queue and of both readers of the stream. */
export async function letDie(machine: Machine, { ids }: Accounts): Promise<void> {
  for (const queue of queues) await sendJob(machine, `${queue}-dead`, { nobody: 'knows' });
  await sendJob(machine, 'inbox-salesloft-dead', delivery('hooked'));
  // Accepted while its connection had a webhook.
  await sendJob(machine, 'inbox-salesloft', {
    ...delivery('sales'),
    object: undefined,
    body: JSON.stringify({ id: ids.slow }),
  });
  await sendJob(machine, 'inbox-salesloft', { nobody: 'knows' });
  await sendJob(machine, 'media-salesloft', { connection: 'nobody', uuid: 'x', key: 'recording', last: false });
  const { parts } = machine;
  const change = await changeOf(parts, conversationUuid(`sales:${ids.long}`));
  for (const source of parts.description.streamSources) await putAside(parts, source, [change]);
}

/** The change that stored a conversation, as the stream tells it. */
export async function changeOf({ clients, description }: Machine['parts'], uuid: string): Promise<StreamRecord> {
  const Keys = { pk: { S: uuid }, sk: { S: 'conversation' } };
  const [table] = description.tables;
  const { Item } = await clients.dynamodb.send(new GetItemCommand({ TableName: table?.name, Key: Keys }));
  const images = JSON.parse(
    JSON.stringify(Item, (_, value) => (value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value)),
  );
  const dynamodb = {
    Keys,
    NewImage: images,
    SequenceNumber: '1',
    ApproximateCreationDateTime: 1_770_000_000,
    StreamViewType: 'NEW_AND_OLD_IMAGES',
  };
  return {
    eventID: '1',
    eventName: 'INSERT',
    eventSource: 'aws:dynamodb',
    eventSourceARN: 'arn',
    dynamodb,
  } as unknown as StreamRecord; // as far as a reader looks
}

/** What Lambda does with a batch that failed eleven times, as the function's role. */
export function putAside({ clients }: Machine['parts'], source: StreamSource, records: StreamRecord[]): Promise<void> {
  const batch = {
    bucket: source.failureBucket ?? '',
    source,
    functionName: source.function,
    records,
    attempts: 11,
  };
  return putFailedBatch(clients.actAs(source.function).s3, batch, new Date());
}

/** Looks at all dead letters and leaves them, then has their work done again. */
export async function redrive(user: Outside): Promise<void> {
  const kinds = ['inbox', 'media', 'operations'];
  await Promise.all(kinds.map((kind) => user.operate('redrives', { kind, ids: ['none'] })));
  await Promise.all([...kinds, 'publish', 'participants'].map((kind) => user.operate('redrives', { kind })));
}

/** Puts an object into the event log that nobody can read, so that a replay of it fails; gives how it is removed. */
export async function spoilEventLog({ parts: { clients, description } }: Machine): Promise<() => Promise<void>> {
  const hour = new Date().toISOString().slice(0, '2026-03-02T09'.length);
  const named = description.functions.find(({ environment }) => 'EARSHOT_BUCKET' in environment);
  const at = { Bucket: named?.environment['EARSHOT_BUCKET'], Key: `events/${hour}/${'9'.repeat(40)}-1.ndjson.gz` };
  await clients.s3.send(new PutObjectCommand({ ...at, Body: 'no event' }));
  return async () => void (await clients.s3.send(new DeleteObjectCommand(at)));
}

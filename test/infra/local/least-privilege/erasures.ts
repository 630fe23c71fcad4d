import { FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { QueryCommand } from '@aws-sdk/client-dynamodb';
import { CreateMultipartUploadCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import type { Machine } from '#infra/local/machine.ts';
import { conversationUuid } from '#shared/domain/identity.ts';
import { newOperation } from '#shared/domain/operation.ts';
import { type DeadMessage, receiveDead, showMessages } from '#shared/storage/dead-messages.ts';
import { documentsOver } from '#shared/storage/document-client.ts';
import { openJobQueue } from '#shared/storage/job-queue.ts';
import { putOperation } from '#shared/storage/operations.ts';
import { itemTexts, objectTexts } from '#test/support/texts.ts';
import { type Accounts, person, traces } from './accounts.ts';
import { changeOf, delivery, putAside, sendJob } from './dead-letters.ts';
import type { Outside } from './outside.ts';
import { deliver } from './webhooks.ts';

/**
 * A person is erased, of whom failed work of every kind is left too. What their provider tells of it later, by a list and by
 * a webhook, brings nothing back; a later conversation of the same person is stored.
 */
export async function erase(machine: Machine, user: Outside, accounts: Accounts): Promise<void> {
  const { ids, summarize, meet } = accounts;
  await leaveBehind(machine, accounts);
  if ((await tracesOn(machine)).length < 8) throw new Error('there was nothing to be erased');
  const participant = person.email;
  const counted = await user.operate('erasures', { participant, dryRun: true });
  const { result } = JSON.parse(await user.read(`/v1/erasures/${counted}`));
  await user.operate('erasures', { participant, expectedCount: result.count });
  for (const id of [ids.long, ids.hookedLong]) summarize(id, `Again of ${person.fullName}.`);
  const worked = await workedOff(machine);
  await deliver(user, { id: ids.hookedLong, note: 'changed' });
  const other = meet({ id: 'other', fullName: 'Some Other', email: 'other@example.com', isInternal: false });
  await deliver(user, { id: other });
  for (const connection of ['sales', 'hooked']) await stored(user, connection, other);
  await user.until(async () => String((await workedOff(machine)) >= worked + 2), 'true');
  const found = await tracesOn(machine);
  if (found.length > 0) throw new Error(`an erasure left ${found.join(', ')}`);
  await stored(user, 'sales', meet(person));
}

const stored = (user: Outside, connection: string, id: string): Promise<string> =>
  user.until(() => user.read(`/v1/conversations/${connection}:${id}`), '"version":');

/** How many deliveries are done. */
async function workedOff({ parts: { clients, description } }: Machine): Promise<number> {
  const query = new QueryCommand({
    ...{ TableName: description.tables[0]?.name, KeyConditionExpression: 'pk = :pk', Select: 'COUNT' },
    ExpressionAttributeValues: { ':pk': { S: 'delivery#hooked' } },
  });
  return (await clients.dynamodb.send(query)).Count ?? 0;
}

const queueOf = ({ parts: { clients, endpoints } }: Machine, name: string) =>
  openJobQueue(endpoints.queueUrl(name), clients.sqs);

const bucketOf = ({ parts: { description } }: Machine): string | undefined =>
  description.functions.find(({ environment }) => 'EARSHOT_BUCKET' in environment)?.environment['EARSHOT_BUCKET'];

/** Batches and a delivery that failed for good, and a file that was on its way. */
async function leaveBehind(machine: Machine, { ids }: Accounts): Promise<void> {
  const { clients, description } = machine.parts;
  const uuids = [ids.long, ids.slow].map((id) => conversationUuid(`sales:${id}`));
  const changes = await Promise.all(uuids.map((uuid) => changeOf(machine.parts, uuid)));
  for (const source of description.streamSources) await putAside(machine.parts, source, changes);
  const Bucket = bucketOf(machine);
  const object = 'inbox/hooked/left';
  const Body = JSON.stringify({ id: ids.hookedLong, attendees: [person] });
  await clients.s3.send(new PutObjectCommand({ Bucket, Key: object, Body }));
  await sendJob(machine, 'inbox-salesloft-dead', { ...delivery('hooked'), object });
  await clients.s3.send(new CreateMultipartUploadCommand({ Bucket, Key: `media/${uuids[0]}/left/9` }));
}

/** Where something of the person stands: in the tables, the buckets, the dead letters, the logs. */
async function tracesOn(machine: Machine): Promise<string[]> {
  const { clients, description } = machine.parts;
  const documents = documentsOver(clients.dynamodb);
  const texts = [
    ...(await Promise.all(description.tables.map(({ name }) => itemTexts({ documents, table: name })))),
    ...(await Promise.all(description.buckets.map(({ name }) => objectTexts({ objects: clients.s3, bucket: name })))),
    ...(await Promise.all(description.queues.map(({ name }) => messagesOf(machine, name)))),
    ...(await Promise.all(description.logGroups.map(({ name }) => linesOf(machine, name)))),
  ].flatMap((found) => [...found]);
  return texts.filter(([name, text]) => traces.some((one) => `${name} ${text}`.includes(one))).map(([name]) => name);
}

/** What lies in a queue, seen again at once by whoever works it off. */
async function messagesOf(machine: Machine, name: string): Promise<[string, string][]> {
  const queue = queueOf(machine, name);
  const messages: DeadMessage[] = [];
  for (let known = -1; messages.length > known; ) {
    known = messages.length;
    messages.push(...(await receiveDead(queue, { hiddenSeconds: 5, waitSeconds: 0 })));
  }
  await showMessages(queue, messages);
  return messages.map(({ body }) => [name, body]);
}

async function linesOf({ parts: { clients } }: Machine, logGroupName: string): Promise<[string, string][]> {
  const { events = [] } = await clients.logs.send(new FilterLogEventsCommand({ logGroupName }));
  return events.map(({ message = '' }) => [logGroupName, message]);
}

/** What outlives its time, of an account whose raw answers and files may all go. */
export async function expire({ parts: { clients, description } }: Machine, user: Outside): Promise<void> {
  const store = { documents: documentsOver(clients.dynamodb), table: description.tables[0]?.name ?? '' };
  const [now, soon] = [0, 2].map((days) => new Date(Date.now() + days * 86_400_000).toISOString());
  const retention = { connection: 'centre', before: null, mediaBefore: now, rawBefore: soon };
  const id = '00000000-0000-7000-8000-000000000000';
  await putOperation(store, newOperation('erasures', id, { dryRun: false, retention }, Date.now()));
  await user.until(() => user.read(`/v1/erasures/${id}`), '"state":"done"');
}

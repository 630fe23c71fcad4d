import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { clearInbox } from '#functions/operate/erase/clear-letters.ts';
import { deadInbox } from '#functions/operate/erase/dead-inbox.ts';
import { type LocalSqs, startSqs } from '#infra/local/sqs/start-sqs.ts';
import { identify } from '#shared/domain/identity.ts';
import { salesloft } from '#shared/providers/salesloft/connector.ts';
import { receiveDead, showMessages } from '#shared/storage/dead-messages.ts';
import { getInboxObject, putInboxObject } from '#shared/storage/inbox-objects.ts';
import { type Job, type JobQueue, openJobQueue, sendJobs } from '#shared/storage/job-queue.ts';
import { type TestStore, testStore } from '#test/support/store.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'earshot-clear-inbox-'));
let server: LocalSqs;
let client: SQSClient;
let dead: JobQueue;
let opened: TestStore;
let queues = 0;

beforeAll(async () => {
  opened = await testStore();
  server = await startSqs({ dataDir });
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  client = new SQSClient({ endpoint: server.url, region: 'us-east-1', credentials });
});
afterAll(async () => {
  client.destroy();
  await server.close();
  await opened.close();
  rmSync(dataDir, { recursive: true });
});
beforeEach(async () => {
  const name = `q${++queues}`;
  await client.send(new CreateQueueCommand({ QueueName: name }));
  dead = openJobQueue(server.queueUrl(name), client);
});

const [phone, email] = ['+441632960111', 'ada@example.com'];
const uuids = new Set([identify('salesloft', 'sales', 'gone').uuid]);

/** A delivery that was accepted. */
const delivery = (key: string): Job => ({
  ...{ connection: 'sales', key, event: 'conversation_created', isSigned: true, receivedAt: 0, waits: 0 },
});
const inMessage = (key: string, body: object): Job => ({ ...delivery(key), body: JSON.stringify(body) });

/** How many go, and the keys of those that stay and are seen again. */
async function clear(participant: string | null): Promise<{ cleared: number; left: unknown[] }> {
  let cleared = 0;
  const inbox = deadInbox(dead, opened.store, salesloft);
  for await (const one of clearInbox(inbox, { uuids, participant, waitSeconds: 0 })) cleared += one;
  const messages = await receiveDead(dead, { hiddenSeconds: 60, waitSeconds: 0 });
  await showMessages(dead, messages);
  return { cleared, left: messages.map(({ body }) => JSON.parse(body).key).sort() };
}

it('removes deliveries about the conversations, with the bodies that lie in the bucket', async () => {
  const large = { connection: 'sales', key: 'large' };
  const object = await putInboxObject(opened.store, large, JSON.stringify({ id: 'gone', title: 'long' }));
  const jobs = [
    inMessage('one', { id: 'gone' }),
    { ...delivery('large'), object },
    inMessage('other', { id: 'other' }),
  ];
  await sendJobs(dead, jobs);
  expect(await clear(null)).toEqual({ cleared: 2, left: ['other'] });
  expect(await getInboxObject(opened.store, object)).toBeNull();
  expect(await clear(null)).toEqual({ cleared: 0, left: ['other'] });
});

it('removes deliveries that mention the participant, whatever they are about', async () => {
  const mentioning = (text: string, key: string) => inMessage(key, { id: key, host: { phone: text } });
  const jobs = [mentioning('(0)1632 960111 or 441632960111', 'phone'), mentioning('+441632960999', 'another')];
  await sendJobs(dead, [...jobs, { ...delivery('none'), object: 'inbox/sales/none' }]);
  expect(await clear(phone)).toEqual({ cleared: 1, left: ['another', 'none'] });
});

it('removes what no function understands where it mentions the participant, and leaves the rest', async () => {
  await sendJobs(dead, [{ nobody: `knows ${email}` }, { key: 'mine', nobody: 'knows' }]);
  expect(await clear(null)).toMatchObject({ cleared: 0 });
  expect(await clear(email)).toEqual({ cleared: 1, left: ['mine'] });
});

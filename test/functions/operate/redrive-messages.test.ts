import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateQueueCommand, type SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { nameDelivery, nameMediaJob, nameOperation } from '#functions/operate/letter-names.ts';
import { redriveMessages } from '#functions/operate/redrive-messages.ts';
import type { Finished } from '#functions/operate/runner.ts';
import { type LocalSqs, startSqs } from '#infra/local/sqs/start-sqs.ts';
import { conversationUuid } from '#shared/domain/identity.ts';
import { newOperation } from '#shared/domain/operation.ts';
import type { RedriveRequest } from '#shared/domain/operation-redrive.ts';
import type { Connector } from '#shared/providers/connector.ts';
import { countMessages, receiveDead } from '#shared/storage/dead-messages.ts';
import { type Job, type JobQueue, openJobQueue, sendJobs } from '#shared/storage/job-queue.ts';
import type { Saved } from '#shared/storage/operation-lease.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'earshot-redrive-'));
let now = 1_800_000_000_000;
let server: LocalSqs;
let client: SQSClient;
let n = 0;
let [source, dead]: JobQueue[] = [];

beforeAll(async () => {
  server = await startSqs({ dataDir, now: () => now });
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  client = new SQSClient({ endpoint: server.url, region: 'us-east-1', credentials });
});
afterAll(async () => {
  client.destroy();
  await server.close();
  rmSync(dataDir, { recursive: true });
});
beforeEach(async () => {
  n += 1;
  for (const name of [`q${n}`, `q${n}-dead`]) await client.send(new CreateQueueCommand({ QueueName: name }));
  [source, dead] = [
    openJobQueue(server.queueUrl(`q${n}`), client),
    openJobQueue(server.queueUrl(`q${n}-dead`), client),
  ];
});

const queues = (nameOf = nameMediaJob) => {
  if (!source || !dead) throw new Error('no queue');
  return [{ source, dead, nameOf }];
};
const task = (request: RedriveRequest, place: unknown = null) => ({
  operation: newOperation('redrives', 'op', request, now),
  place,
});
const steps = (request: RedriveRequest, place: unknown = null, nameOf = nameMediaJob) =>
  redriveMessages(queues(nameOf), request, task(request, place), 0);

/** The whole work, and the places that it saved. */
async function redrive(request: RedriveRequest, nameOf = nameMediaJob): Promise<Finished & { saves: Saved[] }> {
  now += 1_000;
  const [work, saves]: [ReturnType<typeof steps>, Saved[]] = [steps(request, null, nameOf), []];
  for (;;) {
    const step = await work.next();
    if (step.done) return { ...step.value, saves };
    saves.push(step.value);
  }
}
const buried = async (jobs: readonly Job[]) => {
  if (dead) await sendJobs(dead, jobs);
};
const media = (key: string, uuid = conversationUuid('support:a')) => ({
  connection: 'support',
  uuid,
  key,
  last: false,
});

async function bodiesOf(queue: JobQueue | undefined): Promise<unknown[]> {
  const bodies: unknown[] = [];
  for (;;) {
    const messages = queue ? await receiveDead(queue, { hiddenSeconds: 600, waitSeconds: 0 }) : [];
    if (messages.length === 0) return bodies;
    bodies.push(...messages.map(({ body }) => JSON.parse(body)));
  }
}

describe('a redrive of messages', () => {
  it('sends each back as it was, and a second one finds nothing', async () => {
    const jobs = Array.from({ length: 23 }, (_, i) => media(`k${i}`, conversationUuid(`support:c${i % 3}`)));
    await buried(jobs);
    const conversations = [0, 1, 2].map((i) => conversationUuid(`support:c${i}`));
    const ended = await redrive({ kind: 'media' });
    expect(ended.result).toEqual({ redriven: 23, left: 0, conversations });
    expect(ended.progress).toEqual({ done: 23, total: 23 });
    expect(ended.saves.map(({ progress }) => progress)).toEqual([10, 20, 23].map((done) => ({ done, total: 23 })));
    expect((await redrive({ kind: 'media' })).result).toEqual({ redriven: 0, left: 0, conversations: [] });
    expect(await bodiesOf(source)).toEqual(jobs);
    expect(await bodiesOf(dead)).toEqual([]);
  });

  it('sends back ten large ones, which are more than one batch takes', async () => {
    const jobs = Array.from({ length: 10 }, (_, i) => media(`${i}`.padEnd(120 * 1024, 'x')));
    for (const job of jobs) await buried([job]);
    expect((await redrive({ kind: 'media' })).result).toMatchObject({ redriven: 10, left: 0 });
    expect(await bodiesOf(source)).toEqual(jobs);
  });

  it('takes those of the conversations that are named by id or uuid, and leaves the others to be seen', async () => {
    await buried(['a', 'b', 'c'].map((id) => media(`of ${id}`, conversationUuid(`support:${id}`))));
    const ids = ['support:a', conversationUuid('support:b').toUpperCase()];
    expect((await redrive({ kind: 'media', ids })).result).toMatchObject({ redriven: 2, left: 1 });
    expect(await bodiesOf(source)).toMatchObject([{ key: 'of a' }, { key: 'of b' }]);
    expect((await redrive({ kind: 'media' })).result).toMatchObject({ redriven: 1, left: 0 });
  });

  it('knows a message by its own id, an operation by its id, and a delivery by its hints and its key', async () => {
    const connector = {
      webhook: { hints: ({ body }: { body: unknown }) => [{ externalId: String(body), startedAt: null }] },
    } as unknown as Connector;
    const delivery = (key: string, body: string) => ({
      ...{ connection: 'sales', key, event: null, isSigned: true, receivedAt: now, waits: 0, body },
    });
    const inbox = nameDelivery({ objects: client as never, bucket: 'b' }, connector);
    await buried([delivery('k1', '"one"'), delivery('k2', '"two"'), { odd: 'no job' }]);
    const first = await redrive({ kind: 'inbox', ids: ['sales:one', 'k2'] }, inbox);
    expect(first.result).toEqual({ redriven: 2, left: 1, conversations: ['sales:one', 'sales:two'] });
    const [odd] = dead ? await receiveDead(dead, { hiddenSeconds: 0, waitSeconds: 0 }) : [];
    expect((await redrive({ kind: 'inbox', ids: [odd?.id ?? ''] }, inbox)).result).toMatchObject({ redriven: 1 });
    await buried([
      { kind: 'replays', id: 'o1' },
      { kind: 'replays', id: 'o2' },
    ]);
    expect((await redrive({ kind: 'operations', ids: ['o2'] }, nameOperation)).result).toMatchObject({
      redriven: 1,
      left: 1,
    });
  });

  it('leaves what died after it was asked for: it may be its own that failed again', async () => {
    await buried([media('old')]);
    now += 1_000;
    const work = steps({ kind: 'media' });
    now += 1_000;
    await buried([media('again')]);
    let step = await work.next();
    while (!step.done) step = await work.next();
    expect(step.value.result).toMatchObject({ redriven: 1, left: 1 });
  });

  it('leaves what its queue refuses', async () => {
    await buried([media('a'), media('b')]);
    const send = client.send.bind(client);
    const refusing = Object.assign(Object.create(client), {
      send: async (command: SendMessageBatchCommand) =>
        'MessageBody' in (command.input.Entries?.[0] ?? {}) ? { Failed: [{ Id: '0' }] } : send(command),
    });
    if (source) source = { ...source, client: refusing };
    expect((await redrive({ kind: 'media' })).result).toMatchObject({ redriven: 1, left: 1 });
    expect(dead && (await countMessages(dead))).toBe(1);
  });

  it('stopped anywhere goes on, counts none twice, and hides nothing', async () => {
    await buried(Array.from({ length: 25 }, (_, i) => media(`k${i}`, conversationUuid(`support:c${i % 2}`))));
    now += 1_000;
    const request: RedriveRequest = { kind: 'media', ids: ['support:c0'] };
    const work = steps(request);
    const { value } = await work.next();
    await work.return({ progress: { done: 0, total: 0 }, result: null });
    const rest = steps(request, value && 'place' in value ? JSON.parse(JSON.stringify(value.place)) : null);
    let step = await rest.next();
    while (!step.done) step = await rest.next();
    expect(step.value).toMatchObject({ progress: { done: 25 }, result: { redriven: 13, left: 12 } });
    expect(await bodiesOf(dead)).toHaveLength(12);
  });
});

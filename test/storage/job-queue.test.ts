import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateQueueCommand, ReceiveMessageCommand, SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import { mockClient } from 'aws-sdk-client-mock';
import * as fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { type LocalSqs, startSqs } from '#infra/local/sqs/start-sqs.ts';
import { type MediaJob, mediaJobSchema } from '#shared/domain/media-job.ts';
import { offerJobs, openJobQueue, sendJobs } from '#shared/storage/job-queue.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'earshot-media-queue-'));
let now = 1_800_000_000_000;
let server: LocalSqs;
let client: SQSClient;

beforeAll(async () => {
  server = await startSqs({ dataDir, now: () => now });
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  client = new SQSClient({ endpoint: server.url, region: 'us-east-1', credentials });
  await client.send(new CreateQueueCommand({ QueueName: 'jobs', Attributes: { VisibilityTimeout: '43200' } }));
});
afterEach(() => vi.unstubAllEnvs());
afterAll(async () => {
  client.destroy();
  await server.close();
  rmSync(dataDir, { recursive: true });
});

const job = (key: string): MediaJob => ({ connection: 'c', uuid: 'u', key, last: false });

async function received(): Promise<MediaJob[]> {
  const receive = new ReceiveMessageCommand({ QueueUrl: server.queueUrl('jobs'), MaxNumberOfMessages: 10 });
  const jobs: MediaJob[] = [];
  for (;;) {
    const { Messages = [] } = await client.send(receive);
    if (Messages.length === 0) return jobs;
    jobs.push(...Messages.map(({ Body }) => mediaJobSchema.parse(JSON.parse(Body ?? ''))));
  }
}

describe('the media queue', () => {
  it('takes any number of jobs, whatever a provider puts into a key', async () => {
    const queue = openJobQueue(server.queueUrl('jobs'), client);
    const hostile = ['\u0000', '\uffff', '\ud800', '😀 "\\', 'é'];
    const jobs = [...hostile, ...Array.from({ length: 20 }, (_, i) => `k${i}`)].map(job);
    await sendJobs(queue, jobs);
    expect(new Set(await received())).toEqual(new Set(jobs));
    await sendJobs(queue, []);
    expect(await received()).toEqual([]);
  });

  it('holds back what is to wait', async () => {
    const queue = openJobQueue(server.queueUrl('jobs'), client);
    await sendJobs(queue, [job('later')], 90);
    expect(await received()).toEqual([]);
    now += 90_000;
    expect(await received()).toEqual([job('later')]);
  });

  it('is found where SQS stands, whatever the host in its address', async () => {
    vi.stubEnv('AWS_ENDPOINT_URL_SQS', server.url);
    vi.stubEnv('AWS_REGION', 'us-east-1');
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'local');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'local');
    await sendJobs(openJobQueue('https://sqs.us-east-1.amazonaws.com/000000000000/jobs'), [job('here')]);
    expect(await received()).toEqual([job('here')]);
  });
});

describe('jobs that are refused', () => {
  /** Jobs and how often each is refused: rarely, so that the first of them is not always among the first ten. */
  const refusedJobs = fc.uniqueArray(
    fc.record({
      key: fc.stringMatching(/^[a-z]{1,3}$/),
      refusals: fc.oneof({ weight: 30, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.constantFrom(1, 2) }),
    }),
    { minLength: 15, maxLength: 35, selector: ({ key }) => key },
  );

  it('are sent once more, and what is refused again is not counted, nor anything behind it', async () => {
    await fc.assert(
      fc.asyncProperty(refusedJobs, async (jobs) => {
        const left = new Map<string, number>(jobs.map(({ key, refusals }) => [key, refusals]));
        const taken: string[] = [];
        const refusing = new SQSClient({ region: 'us-east-1' });
        mockClient(refusing)
          .on(SendMessageBatchCommand)
          .callsFake(({ Entries = [] }) => {
            const Failed = Entries.flatMap(({ Id, MessageBody }: { Id: string; MessageBody: string }) => {
              const { key } = mediaJobSchema.parse(JSON.parse(MessageBody));
              const more = left.get(key) ?? 0;
              left.set(key, more - 1);
              if (more <= 0) taken.push(key);
              return more > 0 ? [{ Id, Code: 'InternalError', SenderFault: false }] : [];
            });
            return { Failed: Failed.reverse() };
          });
        const queue = openJobQueue('https://queues.example/jobs', refusing);
        const first = jobs.findIndex(({ refusals }) => refusals > 1);
        const count = await offerJobs(
          queue,
          jobs.map(({ key }) => job(key)),
        );
        expect(count).toBe(first === -1 ? jobs.length : first);
        for (const { key } of jobs.slice(0, count)) expect(taken).toContain(key);
      }),
      { numRuns: 50 },
    );
  });

  it('fail who cannot go on without them, and no key stands in the error', async () => {
    const refusing = new SQSClient({ region: 'us-east-1' });
    mockClient(refusing)
      .on(SendMessageBatchCommand)
      .callsFake(({ Entries }) => ({
        Failed: Entries.map(({ Id }: { Id: string }) => ({ Id, Code: 'InternalError' })),
      }));
    const queue = openJobQueue('https://queues.example/jobs', refusing);
    await expect(sendJobs(queue, [job('PRIVATE'), job('other')])).rejects.toThrow(/^the queue took 0 of 2 jobs$/);
  });
});

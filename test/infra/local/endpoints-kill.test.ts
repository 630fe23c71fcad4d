import { type ChildProcess, spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as cw from '@aws-sdk/client-cloudwatch-logs';
import * as eb from '@aws-sdk/client-eventbridge';
import * as s3 from '@aws-sdk/client-s3';
import * as sm from '@aws-sdk/client-secrets-manager';
import * as sqs from '@aws-sdk/client-sqs';
import { afterAll, expect, it } from 'vitest';
import { queueArn } from '#infra/local/template/arns.ts';

const credentials = { accessKeyId: 'local', secretAccessKey: 'local-secret' };
const dataDir = mkdtempSync(join(tmpdir(), 'earshot-kill-'));
const Bucket = 'media';
const log = { logGroupName: 'reads', logStreamName: 'one' };
const rounds = 3;

const script = `
  import { join } from 'node:path';
  import { startEvents } from '#infra/local/events/start-events.ts';
  import { startLogs } from '#infra/local/logs/start-logs.ts';
  import { startS3 } from '#infra/local/s3/start-s3.ts';
  import { startSecrets } from '#infra/local/secrets/start-secrets.ts';
  import { startSqs } from '#infra/local/sqs/start-sqs.ts';
  const folder = (name) => join(${JSON.stringify(dataDir)}, name);
  const sqs = await startSqs({ dataDir: folder('sqs') });
  const deliver = async (arn, input) => sqs.send(arn, JSON.stringify(input));
  const events = await startEvents({ dataDir: folder('events'), deliver });
  const s3 = await startS3({ dataDir: folder('s3'), credentials: ${JSON.stringify(credentials)} });
  const secrets = await startSecrets({ dataDir: folder('secrets') });
  const logs = await startLogs({ dataDir: folder('logs') });
  const urls = { sqs: sqs.url, events: events.url, s3: s3.url, secrets: secrets.url, logs: logs.url };
  console.log(JSON.stringify(urls));
`;

type Running = { child: ChildProcess; clients: ReturnType<typeof openClients> };
let running: Running | undefined;

async function start(): Promise<Running> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = await once(child.stdout, 'data');
  running = { child, clients: openClients(JSON.parse(String(line))) };
  return running;
}

function openClients(urls: Record<'s3' | 'sqs' | 'events' | 'secrets' | 'logs', string>) {
  const common = { region: 'us-east-1', credentials, maxAttempts: 1 };
  return {
    s3: new s3.S3Client({ ...common, endpoint: urls.s3, forcePathStyle: true }),
    sqs: new sqs.SQSClient({ ...common, endpoint: urls.sqs }),
    events: new eb.EventBridgeClient({ ...common, endpoint: urls.events }),
    secrets: new sm.SecretsManagerClient({ ...common, endpoint: urls.secrets }),
    logs: new cw.CloudWatchLogsClient({ ...common, endpoint: urls.logs }),
    queueUrl: (name: string) => `${urls.sqs}/000000000000/${name}`,
  };
}

async function stop({ child, clients }: Running): Promise<void> {
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
  for (const client of [clients.s3, clients.sqs, clients.events, clients.secrets, clients.logs]) client.destroy();
}

afterAll(async () => {
  if (running) await stop(running);
  rmSync(dataDir, { recursive: true });
});

/** Everything that an endpoint acknowledged. */
type Acknowledged = {
  objects: Map<string, string>;
  messages: Set<string>;
  events: Set<string>;
  lines: Set<string>;
  secret: string;
};

/** Writes to all endpoints until the process dies. */
async function writeUntilKilled({ clients }: Running, seen: Acknowledged, round: number): Promise<void> {
  const forever = async (write: (n: number) => Promise<void>) => {
    for (let n = 0; ; n++) await write(n);
  };
  const writers = [
    forever(async (n) => {
      const bytes = randomBytes(100_000);
      const Key = `${round}/${n % 20}`; // replaced again and again
      seen.objects.delete(Key); // in doubt until it is acknowledged
      await clients.s3.send(new s3.PutObjectCommand({ Bucket, Key, Body: bytes }));
      seen.objects.set(Key, createHash('md5').update(bytes).digest('hex'));
    }),
    forever(async (n) => {
      const MessageBody = `${round}/${n}`;
      await clients.sqs.send(new sqs.SendMessageCommand({ QueueUrl: clients.queueUrl('work'), MessageBody }));
      seen.messages.add(MessageBody);
    }),
    forever(async () => {
      const Entries = [{ Source: 'earshot', DetailType: 'x', Detail: '{}' }];
      const { Entries: put } = await clients.events.send(new eb.PutEventsCommand({ Entries }));
      seen.events.add(put?.[0]?.EventId ?? '');
    }),
    forever(async (n) => {
      const message = `${round}/${n}`;
      const logEvents = [{ message, timestamp: Date.now() }];
      await clients.logs.send(new cw.PutLogEventsCommand({ ...log, logEvents }));
      seen.lines.add(message);
    }),
    forever(async (n) => {
      const SecretString = `${round}/${n}`;
      await clients.secrets.send(new sm.PutSecretValueCommand({ SecretId: 'secret', SecretString }));
      seen.secret = SecretString;
    }),
  ];
  await Promise.allSettled(writers);
}

async function drain({ clients }: Running, queue: string): Promise<string[]> {
  const QueueUrl = clients.queueUrl(queue);
  const bodies: string[] = [];
  for (;;) {
    const command = new sqs.ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 0 });
    const { Messages = [] } = await clients.sqs.send(command);
    if (Messages.length === 0) return bodies;
    for (const { ReceiptHandle, Body = '' } of Messages) {
      await clients.sqs.send(new sqs.DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
      bodies.push(Body);
    }
  }
}

it(`loses nothing that was acknowledged when it is killed in ${rounds} random moments`, async () => {
  let machine = await start();
  const { clients } = machine;
  await clients.s3.send(new s3.CreateBucketCommand({ Bucket }));
  for (const QueueName of ['work', 'events']) await clients.sqs.send(new sqs.CreateQueueCommand({ QueueName }));
  await clients.events.send(new eb.PutRuleCommand({ Name: 'all', EventPattern: '{"source":["earshot"]}' }));
  const Targets = [{ Id: 'queue', Arn: queueArn('events') }];
  await clients.events.send(new eb.PutTargetsCommand({ Rule: 'all', Targets }));
  await clients.logs.send(new cw.CreateLogGroupCommand(log));
  await clients.logs.send(new cw.CreateLogStreamCommand(log));
  await clients.secrets.send(new sm.CreateSecretCommand({ Name: 'secret', SecretString: '' }));

  const seen: Acknowledged = {
    objects: new Map(),
    messages: new Set(),
    events: new Set(),
    lines: new Set(),
    secret: '',
  };
  for (let round = 0; round < rounds; round++) {
    const writing = writeUntilKilled(machine, seen, round);
    // However slow the machine is, each of them has taken something by then.
    const least = (): number => Math.min(seen.objects.size, seen.messages.size, seen.events.size, seen.lines.size);
    for (const before = least(); least() < before + 2; ) await new Promise((resolve) => setTimeout(resolve, 5));
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 250));
    await stop(machine);
    await writing;
    machine = await start();
    const { SecretString } = await machine.clients.secrets.send(new sm.GetSecretValueCommand({ SecretId: 'secret' }));
    const [ours, theirs] = [seen.secret, SecretString ?? ''].map((text) => Number(text.split('/')[1]));
    expect(SecretString).toMatch(new RegExp(`^${round}/`));
    expect((theirs ?? 0) - (ours ?? 0)).toBeOneOf([0, 1]); // the last write may have been done and not answered
  }

  expect(Math.min(seen.objects.size, seen.messages.size, seen.events.size, seen.lines.size)).toBeGreaterThan(rounds);
  for (const [Key, md5] of seen.objects) {
    const { Body } = await machine.clients.s3.send(new s3.GetObjectCommand({ Bucket, Key }));
    const bytes = (await Body?.transformToByteArray()) ?? new Uint8Array();
    expect(createHash('md5').update(bytes).digest('hex')).toBe(md5);
  }
  const messages = new Set(await drain(machine, 'work'));
  expect([...seen.messages].filter((body) => !messages.has(body))).toEqual([]);
  const lines = new Set<string | undefined>();
  for await (const { events = [] } of cw.paginateFilterLogEvents({ client: machine.clients.logs }, log))
    for (const { message } of events) lines.add(message);
  expect([...seen.lines].filter((line) => !lines.has(line))).toEqual([]);
  await expect
    .poll(async () => {
      for (const body of await drain(machine, 'events')) seen.events.delete(JSON.parse(body).id);
      return seen.events.size;
    })
    .toBe(0);
});

import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as sqs from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type LocalSqs, startSqs } from '#infra/local/sqs/start-sqs.ts';
import { queueArn } from '#infra/local/template/arns.ts';

const credentials = { accessKeyId: 'local', secretAccessKey: 'local-secret' };
let dataDir: string;
let now: number;
let server: LocalSqs;
let client: sqs.SQSClient;

async function start(): Promise<void> {
  server = await startSqs({ dataDir, now: () => now });
  client = new sqs.SQSClient({ endpoint: server.url, region: 'us-east-1', credentials, maxAttempts: 1 });
}

async function stop(): Promise<void> {
  client.destroy();
  await server.close();
}

const create = (QueueName: string, Attributes: Record<string, string> = {}) =>
  client.send(new sqs.CreateQueueCommand({ QueueName, Attributes }));
const url = (name = 'work') => server.queueUrl(name);
const send = (MessageBody: string, rest: Partial<sqs.SendMessageCommandInput> = {}) =>
  client.send(new sqs.SendMessageCommand({ QueueUrl: url(), MessageBody, ...rest }));
const receive = async (rest: Partial<sqs.ReceiveMessageCommandInput> = {}) =>
  (await client.send(new sqs.ReceiveMessageCommand({ QueueUrl: url(), ...rest }))).Messages ?? [];
const bodies = async (rest: Partial<sqs.ReceiveMessageCommandInput> = {}) =>
  (await receive({ MaxNumberOfMessages: 10, ...rest })).map((message) => message.Body);
const attribute = async (name: sqs.QueueAttributeName, QueueUrl = url()) => {
  const command = new sqs.GetQueueAttributesCommand({ QueueUrl, AttributeNames: [name] });
  return (await client.send(command)).Attributes?.[name];
};

beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'earshot-sqs-'));
  now = 1_800_000_000_000;
  await start();
  await create('work');
});

afterEach(async () => {
  await stop();
  rmSync(dataDir, { recursive: true });
});

describe('messages', () => {
  it('hides what was received until its time is over, then shows it again', async () => {
    await send('ü & <x>');
    const [first] = await receive({ VisibilityTimeout: 5, MessageSystemAttributeNames: ['All'] });
    expect(first).toMatchObject({
      Body: 'ü & <x>',
      Attributes: { ApproximateReceiveCount: '1', SentTimestamp: String(now) },
    });
    expect(await attribute('ApproximateNumberOfMessagesNotVisible')).toBe('1');
    expect(await receive()).toEqual([]);
    now += 5000;
    const [again] = await receive({ MessageSystemAttributeNames: ['ApproximateReceiveCount'] });
    expect(again).toMatchObject({ MessageId: first?.MessageId, Attributes: { ApproximateReceiveCount: '2' } });
    const remove = (ReceiptHandle = '') =>
      client.send(new sqs.DeleteMessageCommand({ QueueUrl: url(), ReceiptHandle }));
    await remove(first?.ReceiptHandle); // of the earlier receiving: deletes nothing
    now += 30_000;
    const [third] = await receive();
    await remove(third?.ReceiptHandle);
    now += 30_000;
    expect(await receive()).toEqual([]);
    await expect(remove('nonsense')).rejects.toMatchObject({ name: 'ReceiptHandleIsInvalid' });
  });

  it('delays, changes visibility and forgets what is too old', async () => {
    await send('later', { DelaySeconds: 10 });
    expect(await attribute('ApproximateNumberOfMessagesDelayed')).toBe('1');
    expect(await receive()).toEqual([]);
    now += 10_000;
    const [message] = await receive();
    const change = (VisibilityTimeout: number) =>
      client.send(
        new sqs.ChangeMessageVisibilityCommand({
          QueueUrl: url(),
          ReceiptHandle: message?.ReceiptHandle,
          VisibilityTimeout,
        }),
      );
    await change(0);
    await expect(change(1)).rejects.toMatchObject({ name: 'MessageNotInflight' });
    expect(await bodies()).toEqual(['later']);
    now += 4 * 86_400_000 + 1;
    expect(await bodies()).toEqual([]);
  });

  it('carries attributes, with the hash that AWS makes of them', async () => {
    const MessageAttributes = {
      b: { DataType: 'Binary', BinaryValue: Buffer.from('xyz') },
      a: { DataType: 'String', StringValue: '1' },
    };
    const sent = await send('x', { MessageAttributes });
    const [message] = await receive({ MessageAttributeNames: ['All'] });
    const part = (text: string) => `\0\0\0${String.fromCharCode(text.length)}${text}`;
    const hashed =
      ['a', 'String'].map(part).join('') +
      `\x01${part('1')}` +
      ['b', 'Binary'].map(part).join('') +
      `\x02${part('xyz')}`;
    expect(sent.MD5OfMessageAttributes).toBe(createHash('md5').update(hashed).digest('hex'));
    expect(message?.MD5OfMessageAttributes).toBe(sent.MD5OfMessageAttributes);
    expect(message?.MessageAttributes?.['a']).toEqual(MessageAttributes.a);
    expect(Buffer.from(message?.MessageAttributes?.['b']?.BinaryValue ?? []).toString()).toBe('xyz');
    expect(sent.MD5OfMessageBody).toBe('9dd4e461268c8034f5c8564e155c67a6');
  });

  it('sends and deletes in batches, an entry failing alone', async () => {
    const Entries = [
      { Id: 'good', MessageBody: 'x'.repeat(256 * 1024) },
      { Id: 'bad', MessageBody: '\u0000' },
    ];
    const sent = await client.send(new sqs.SendMessageBatchCommand({ QueueUrl: url(), Entries }));
    expect(sent.Successful?.map((one) => one.Id)).toEqual(['good']);
    expect(sent.Failed).toMatchObject([{ Id: 'bad', Code: 'InvalidMessageContents', SenderFault: true }]);
    const [message] = await receive();
    const deleted = await client.send(
      new sqs.DeleteMessageBatchCommand({
        QueueUrl: url(),
        Entries: [
          { Id: 'a', ReceiptHandle: message?.ReceiptHandle },
          { Id: 'b', ReceiptHandle: 'nonsense' },
        ],
      }),
    );
    expect(deleted.Successful).toMatchObject([{ Id: 'a' }]);
    expect(deleted.Failed).toMatchObject([{ Id: 'b', Code: 'ReceiptHandleIsInvalid' }]);
    await expect(send('x'.repeat(1024 * 1024 + 1))).rejects.toThrow('shorter than 1048576');
  });
});

describe('long polling', () => {
  it('wakes for a message that comes while it waits', async () => {
    const waiting = bodies({ WaitTimeSeconds: 20 });
    await expect.poll(async () => attribute('ApproximateNumberOfMessages')).toBe('0');
    server.send(queueArn('work'), 'from within');
    expect(await waiting).toEqual(['from within']);
  }, 5000); // less than the 20 s that it would wait otherwise

  it('takes nothing for a receiver that left, and ends when the server stops', async () => {
    const gone = new AbortController();
    const command = new sqs.ReceiveMessageCommand({ QueueUrl: url(), WaitTimeSeconds: 20 });
    const leaving = client.send(command, { abortSignal: gone.signal }).catch((error: Error) => error.name);
    setTimeout(() => gone.abort(), 50);
    expect(await leaving).toBe('AbortError');
    await attribute('QueueArn'); // a round trip, so that the server saw it leave
    await send('x');
    expect(await bodies()).toEqual(['x']);
    const waiting = receive({ WaitTimeSeconds: 20 }).catch(() => []);
    await server.close();
    expect(await waiting).toEqual([]);
    await start();
  });
});

describe('queues', () => {
  it('moves a message to the dead-letter queue after maxReceiveCount receivings', async () => {
    await create('dead');
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: queueArn('dead'), maxReceiveCount: 2 });
    const command = { QueueUrl: url(), Attributes: { RedrivePolicy, VisibilityTimeout: '1' } };
    await client.send(new sqs.SetQueueAttributesCommand(command));
    await send('poison');
    for (const _ of [1, 2]) {
      expect(await bodies()).toEqual(['poison']);
      now += 1000;
    }
    expect(await bodies()).toEqual([]);
    const [dead] = await receive({ QueueUrl: url('dead'), MessageSystemAttributeNames: ['All'] });
    expect(dead).toMatchObject({ Body: 'poison', Attributes: { DeadLetterQueueSourceArn: queueArn('work') } });
  });

  it('keeps queues and messages over a restart', async () => {
    await create('slow', { VisibilityTimeout: '77' });
    await send('kept');
    await send('later', { DelaySeconds: 60 });
    await stop();
    await start();
    expect(await bodies()).toEqual(['kept']);
    now += 60_000;
    expect(await bodies()).toEqual(['kept', 'later']);
    expect(await attribute('VisibilityTimeout', url('slow'))).toBe('77');
    const { QueueUrls } = await client.send(new sqs.ListQueuesCommand({ QueueNamePrefix: 's' }));
    expect(QueueUrls).toEqual([url('slow')]);
    await client.send(new sqs.PurgeQueueCommand({ QueueUrl: url() }));
    now += 60_000;
    expect(await bodies()).toEqual([]);
  });

  it('shows at the next start what was in flight when the process ended, and holds that against nothing', async () => {
    await create('dead');
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: queueArn('dead'), maxReceiveCount: 2 });
    const command = { QueueUrl: url(), Attributes: { RedrivePolicy, VisibilityTimeout: '43200' } };
    await client.send(new sqs.SetQueueAttributesCommand(command));
    await send('in flight');
    let earlier = '';
    for (let restarts = 0; restarts < 4; restarts++) {
      const [message] = await receive({ MessageSystemAttributeNames: ['ApproximateReceiveCount'] });
      expect(message).toMatchObject({ Body: 'in flight', Attributes: { ApproximateReceiveCount: '1' } });
      earlier = message?.ReceiptHandle ?? '';
      await stop();
      await start();
    }
    await client.send(new sqs.DeleteMessageCommand({ QueueUrl: url(), ReceiptHandle: earlier }));
    expect(await bodies()).toEqual(['in flight']);
  });

  it('creates again what is the same and refuses what differs', async () => {
    expect((await create('work', { VisibilityTimeout: '30' })).QueueUrl).toBe(url());
    await expect(create('work', { VisibilityTimeout: '31' })).rejects.toMatchObject({ name: 'QueueNameExists' });
    await expect(create('new', { VisibilityTimeout: '-1' })).rejects.toMatchObject({ name: 'InvalidAttributeValue' });
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: queueArn('nobody'), maxReceiveCount: 2 });
    await expect(create('new', { RedrivePolicy })).rejects.toThrow('Dead letter target nobody does not exist');
    const QueueName = 'new';
    await expect(client.send(new sqs.GetQueueUrlCommand({ QueueName }))).rejects.toMatchObject({
      name: 'QueueDoesNotExist',
    });
  });

  it('names what it does not support', async () => {
    const tags = client.send(new sqs.TagQueueCommand({ QueueUrl: url(), Tags: { a: 'b' } }));
    await expect(tags).rejects.toMatchObject({
      name: 'NotImplemented',
      message: expect.stringContaining('SQS operation TagQueue'),
    });
    await expect(create('work.fifo', { FifoQueue: 'true' })).rejects.toThrow('FIFO');
    await expect(send('x', { MessageGroupId: 'g' })).rejects.toThrow('MessageGroupId');
  });
});

import { EventBridgeClient, PutEventsCommand, type PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import { SendMessageBatchCommand, type SendMessageBatchRequestEntry, SQSClient } from '@aws-sdk/client-sqs';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { publishBatch } from '#functions/publish/publish-batch.ts';
import type { StoredRecord } from '#shared/domain/conversation.ts';
import { mediaJobSchema } from '#shared/domain/media-job.ts';
import { openMediaQueue } from '#shared/storage/media-queue.ts';
import { contentOf, recordOf } from '#test/support/records.ts';
import { step } from './stream-steps.ts';

const events = new EventBridgeClient({ region: 'us-east-1' });
const queue = new SQSClient({ region: 'us-east-1' });
const [bus, sqs] = [mockClient(events), mockClient(queue)];
const outlets = {
  bus: { client: events, name: 'earshot' },
  queues: new Map([['talkdesk', openMediaQueue('https://queues.example/talkdesk', queue)]]),
};

/** What went out, in order: `event <id>` and `job <connection> <key>`. */
let out: string[];
/** Which entries are refused; asked once for each that is sent. */
let refuses: (line: string) => boolean;

beforeEach(() => {
  out = [];
  refuses = () => false;
  bus.reset();
  sqs.reset();
  bus.on(PutEventsCommand).callsFake(({ Entries }: { Entries: PutEventsRequestEntry[] }) => {
    const taken = Entries.map(({ Detail }) => take(`event ${JSON.parse(Detail ?? '').id}`));
    return {
      FailedEntryCount: taken.filter((one) => !one).length,
      Entries: taken.map((one) => (one ? { EventId: 'x' } : { ErrorCode: 'ThrottlingException' })),
    };
  });
  sqs.on(SendMessageBatchCommand).callsFake(({ Entries }: { Entries: SendMessageBatchRequestEntry[] }) => {
    const failed = Entries.filter(({ MessageBody }) => {
      const { connection, key } = mediaJobSchema.parse(JSON.parse(MessageBody ?? ''));
      return !take(`job ${connection} ${key}`);
    });
    return { Failed: failed.map(({ Id }) => ({ Id, Code: 'InternalError' })) };
  });
});

function take(line: string): boolean {
  if (refuses(line)) return false;
  out.push(line);
  return true;
}

const withFiles = (id: string, ...keys: string[]): StoredRecord =>
  recordOf(id, {
    files: keys.map((key) => ({ key, kind: 'recording', contentType: null, bytes: null, revision: null })),
  });
const discovered = (id: string): string => `event support:${id}/1/earshot.conversation.discovered.v1`;

describe('publishing files that are to be copied', () => {
  it('asks for each after the events of its step, once', async () => {
    const [first, other] = [withFiles('c1', 'a', 'b'), withFiles('c2')];
    const renamed = { ...first, conversation: { ...first.conversation, ...contentOf({ title: 'new' }), version: 2 } };
    expect(await publishBatch(outlets, [step(null, first), step(null, other), step(first, renamed)])).toEqual({
      batchItemFailures: [],
    });
    expect(out).toEqual([
      discovered('c1'),
      discovered('c2'),
      'event support:c1/2/earshot.conversation.updated.v1',
      'job support a',
      'job support b',
    ]);
  });

  it('asks for a file that came with no new version, of which there is no event', async () => {
    const [before, after] = [withFiles('c1'), withFiles('c1', 'late')];
    await publishBatch(outlets, [step(before, after)]);
    expect(out).toEqual(['job support late']);
  });

  it('asks nothing for a provider that has no queue', async () => {
    const record = withFiles('c1', 'a');
    const foreign = { ...record, conversation: { ...record.conversation, provider: 'salesloft' as const } };
    expect(await publishBatch(outlets, [step(null, foreign)])).toEqual({ batchItemFailures: [] });
    expect(out).toEqual([discovered('c1')]);
    expect(sqs.commandCalls(SendMessageBatchCommand)).toEqual([]);
  });

  it('ends at the record whose job was refused twice; a repeat sends what is missing', async () => {
    const records = Array.from({ length: 15 }, (_, i) => step(null, withFiles(`c${i}`, `k${i}`)));
    refuses = (line) => line === 'job support k12';
    const sequence = records[12]?.dynamodb?.SequenceNumber;
    expect(await publishBatch(outlets, records)).toEqual({ batchItemFailures: [{ itemIdentifier: sequence }] });
    expect(out.filter((line) => line.startsWith('event'))).toHaveLength(15);
    refuses = () => false;
    expect(await publishBatch(outlets, records.slice(12))).toEqual({ batchItemFailures: [] });
    const jobs = new Set(out.filter((line) => line.startsWith('job')));
    expect(jobs.size).toBe(15);
  });

  it('takes a job that is refused once for sent', async () => {
    let refusals = 1;
    refuses = (line) => line === 'job support k1' && refusals-- > 0;
    const records = ['k0', 'k1', 'k2'].map((key, i) => step(null, withFiles(`c${i}`, key)));
    expect(await publishBatch(outlets, records)).toEqual({ batchItemFailures: [] });
    expect(out.slice(3).toSorted()).toEqual(['job support k0', 'job support k1', 'job support k2']);
  });

  it('sends no job of a record whose event was refused, and of none behind it', async () => {
    const records = Array.from({ length: 15 }, (_, i) => step(null, withFiles(`c${i}`, `k${i}`)));
    refuses = (line) => line.startsWith('event support:c7/');
    const sequence = records[7]?.dynamodb?.SequenceNumber;
    expect(await publishBatch(outlets, records)).toEqual({ batchItemFailures: [{ itemIdentifier: sequence }] });
    expect(out.filter((line) => line.startsWith('job'))).toEqual(
      Array.from({ length: 7 }, (_, i) => `job support k${i}`),
    );
  });

  it('fails as a whole where a queue cannot be reached, with the events out', async () => {
    sqs.on(SendMessageBatchCommand).rejects(new Error('no queue'));
    await expect(publishBatch(outlets, [step(null, withFiles('c1', 'a'))])).rejects.toThrow('no queue');
    expect(out).toEqual([discovered('c1')]);
  });
});

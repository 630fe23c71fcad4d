import { EventBridgeClient, PutEventsCommand, type PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import type { DynamoDBRecord } from 'aws-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { publishBatch } from '#functions/publish/publish-batch.ts';
import type { StoredRecord } from '#shared/domain/conversation.ts';
import { conversationEventSchema } from '#shared/domain/events.ts';
import { formatInstant } from '#shared/domain/instant.ts';
import { mergeRecord, nextVersion } from '#shared/domain/merge.ts';
import { withOverdue } from '#shared/domain/overdue.ts';
import { makeTranscript } from '#shared/domain/transcript.ts';
import { awaiting, contentOf, epoch, identityOf, observationOf, recordOf } from '#test/support/records.ts';
import { image, step } from './stream-steps.ts';

const client = new EventBridgeClient({ region: 'us-east-1' });
const mock = mockClient(client);
const outlets = { bus: { client, name: 'earshot' }, queues: new Map() };
let sent: PutEventsRequestEntry[];

beforeEach(() => {
  mock.reset();
  sent = [];
  mock.on(PutEventsCommand).callsFake(({ Entries }) => {
    sent.push(...Entries);
    return { FailedEntryCount: 0, Entries: Entries.map(() => ({ EventId: 'x' })) };
  });
});

const expectation = awaiting('transcript', 'sentiment');
const context = (id: string) => ({ identity: identityOf(id), expectation, now: epoch });
const withTranscript = (first: StoredRecord): StoredRecord => {
  const turn = {
    participant: 0,
    role: 'agent' as const,
    text: 'SECRET WORDS',
    startMs: 0,
    endMs: 1,
    sentiment: null,
    intent: null,
  };
  const seen = observationOf({
    sentAt: epoch + 1,
    transcript: makeTranscript(null, [turn]),
    artifacts: { transcript: { state: 'ready' }, sentiment: { state: 'absent', reason: 'notProvided' } },
  });
  return nextVersion(first.conversation, mergeRecord(first, seen, context('c1')), expectation, epoch + 2);
};
const events = () => sent.map(({ Detail }) => conversationEventSchema.parse(JSON.parse(Detail ?? '')));

describe('publishing the table stream', () => {
  it('tells of a discovery, of what a version made true, and of completion once', async () => {
    const first = recordOf('c1');
    const second = withTranscript(first);
    const third = nextVersion(
      second.conversation,
      { ...second, conversation: { ...second.conversation, title: 'later' } },
      awaiting(),
      epoch + 9,
    );
    await publishBatch(outlets, [step(null, first), step(first, second), step(second, third)]);
    expect(events().map(({ id, data }) => [id, data.changed])).toEqual([
      [
        'support:c1/1/earshot.conversation.discovered.v1',
        expect.arrayContaining(['externalId', 'transcript', 'sentiment']),
      ],
      ['support:c1/2/earshot.conversation.updated.v1', ['sentiment', 'transcript']],
      ['support:c1/2/earshot.transcript.ready.v1', ['sentiment', 'transcript']],
      ['support:c1/2/earshot.conversation.completed.v1', ['sentiment', 'transcript']],
      ['support:c1/3/earshot.conversation.updated.v1', ['title']],
    ]);
    expect(sent[0]).toMatchObject({
      EventBusName: 'earshot',
      Source: 'earshot',
      DetailType: 'earshot.conversation.discovered.v1',
    });
  });

  it('gives a repeat the same ids', async () => {
    const records = [step(null, recordOf('c1'))];
    await publishBatch(outlets, records);
    await publishBatch(outlets, records);
    expect(sent[0]?.Detail).toBe(sent[1]?.Detail);
  });

  it('says nothing of a write that renewed only the time of a version', async () => {
    const first = recordOf('c1');
    const renewed = { ...first, conversation: { ...first.conversation, updatedAt: formatInstant(epoch + 5_000) } };
    expect(await publishBatch(outlets, [step(first, renewed)])).toEqual({ batchItemFailures: [] });
    expect(sent).toEqual([]);
  });

  it('names each artifact that became overdue', async () => {
    const first = recordOf('c1');
    const late = nextVersion(first.conversation, withOverdue(first, expectation, epoch), expectation, epoch);
    await publishBatch(outlets, [step(first, late)]);
    expect(events().map(({ id }) => id)).toEqual([
      'support:c1/2/earshot.conversation.updated.v1',
      'support:c1/2/earshot.artifact.overdue.v1/sentiment',
      'support:c1/2/earshot.artifact.overdue.v1/transcript',
      'support:c1/2/earshot.conversation.completed.v1',
    ]);
  });

  it('passes over what is no conversation', async () => {
    const checkpoint: DynamoDBRecord = {
      dynamodb: { NewImage: { pk: { S: 'streams' }, sk: { S: 'c#s' } }, SequenceNumber: '1' },
    };
    const removal: DynamoDBRecord = {
      eventName: 'REMOVE',
      dynamodb: { OldImage: image(recordOf('c1')), SequenceNumber: '2' },
    };
    await publishBatch(outlets, [checkpoint, removal]);
    expect(mock.commandCalls(PutEventsCommand)).toEqual([]);
  });

  it('ends at the first event that the bus refused, in order, and names its record', async () => {
    const records = Array.from({ length: 15 }, (_, i) => step(null, recordOf(`c${i}`)));
    mock.on(PutEventsCommand).callsFake(({ Entries }) => ({
      FailedEntryCount: 1,
      Entries: Entries.map((_: unknown, i: number) =>
        i === 7 ? { ErrorCode: 'ThrottlingException' } : { EventId: 'x' },
      ),
    }));
    const answer = await publishBatch(outlets, records);
    expect(answer.batchItemFailures).toEqual([{ itemIdentifier: records[7]?.dynamodb?.SequenceNumber }]);
    expect(mock.commandCalls(PutEventsCommand)).toHaveLength(1);
  });

  it('carries neither people nor their words, and stays far below 64 KiB', async () => {
    const person = {
      id: '7',
      role: 'customer' as const,
      name: 'Ada Example',
      phone: '+441632960111',
      email: 'ada@example.com',
    };
    const first = recordOf('c1', {
      content: contentOf({ title: 'PRIVATE TITLE', participants: [person], summary: 'PRIVATE SUMMARY' }),
    });
    await publishBatch(outlets, [step(null, first), step(first, withTranscript(first))]);
    const text = JSON.stringify(sent);
    for (const canary of ['Ada', '441632960111', 'ada@', 'PRIVATE', 'SECRET']) expect(text).not.toContain(canary);
    for (const { Detail } of sent) expect(Buffer.byteLength(Detail ?? '')).toBeLessThan(4_096);
  });
});

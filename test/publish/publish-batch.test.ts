import { PutObjectCommand } from '@aws-sdk/client-s3';
import type { DynamoDBRecord } from 'aws-lambda';
import { beforeEach, describe, expect, it } from 'vitest';
import type { StoredRecord } from '#shared/domain/conversation.ts';
import { formatInstant } from '#shared/domain/instant.ts';
import { mergeRecord, nextVersion } from '#shared/domain/merge.ts';
import { withOverdue } from '#shared/domain/overdue.ts';
import { makeTranscript } from '#shared/domain/transcript.ts';
import { publishBatch } from '#shared/publish/publish-batch.ts';
import { awaiting, contentOf, epoch, identityOf, observationOf, recordOf } from '#test/support/records.ts';
import { type FakeOutlets, fakeOutlets } from './fake-outlets.ts';
import { image, step } from './stream-steps.ts';

let fake: FakeOutlets;
beforeEach(() => {
  fake = fakeOutlets();
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
    await publishBatch(fake.outlets, [step(null, first), step(first, second), step(second, third)]);
    expect(fake.events().map(({ id, data }) => [id, 'changed' in data && data.changed])).toEqual([
      [
        'support:c1/1/earshot.conversation.discovered.v1',
        expect.arrayContaining(['externalId', 'transcript', 'sentiment']),
      ],
      ['support:c1/2/earshot.conversation.updated.v1', ['sentiment', 'transcript']],
      ['support:c1/2/earshot.transcript.ready.v1', ['sentiment', 'transcript']],
      ['support:c1/2/earshot.conversation.completed.v1', ['sentiment', 'transcript']],
      ['support:c1/3/earshot.conversation.updated.v1', ['title']],
    ]);
    expect(fake.entries[0]).toMatchObject({
      EventBusName: 'earshot',
      Source: 'earshot',
      DetailType: 'earshot.conversation.discovered.v1',
    });
  });

  it('gives a repeat the same ids', async () => {
    const records = [step(null, recordOf('c1'))];
    await publishBatch(fake.outlets, records);
    await publishBatch(fake.outlets, records);
    expect(fake.entries[0]?.Detail).toBe(fake.entries[1]?.Detail);
  });

  it('says nothing of a write that renewed only the time of a version', async () => {
    const first = recordOf('c1');
    const renewed = { ...first, conversation: { ...first.conversation, updatedAt: formatInstant(epoch + 5_000) } };
    expect(await publishBatch(fake.outlets, [step(first, renewed)])).toEqual({ batchItemFailures: [] });
    expect(fake.out).toEqual([]);
  });

  it('names each artifact that became overdue', async () => {
    const first = recordOf('c1');
    const late = nextVersion(first.conversation, withOverdue(first, expectation, epoch), expectation, epoch);
    await publishBatch(fake.outlets, [step(first, late)]);
    expect(fake.events().map(({ id }) => id)).toEqual([
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
    await publishBatch(fake.outlets, [checkpoint, removal]);
    expect(fake.calls).toEqual([]);
  });

  it('ends at the first event that the bus keeps refusing, and names its record', async () => {
    const records = Array.from({ length: 15 }, (_, i) => step(null, recordOf(`c${i}`)));
    fake.refuses = (line) => line.includes('support:c7/');
    const answer = await publishBatch(fake.outlets, records);
    expect(answer.batchItemFailures).toEqual([{ itemIdentifier: records[7]?.dynamodb?.SequenceNumber }]);
    expect([...fake.log.values()].flat()).toEqual(fake.out.slice(0, 7).map((line) => line.replace('event ', '')));
  });

  it('adds what stands on the bus to the event log, an object for each hour, the same for a repeat', async () => {
    const hour = 3_600_000;
    const records = [epoch, epoch + hour, epoch + 1].map((now, i) => step(null, recordOf(`c${i}`, {}, now)));
    await publishBatch(fake.outlets, records);
    const sequence = records[0]?.dynamodb?.SequenceNumber?.padStart(40, '0');
    const id = (name: string) => `support:${name}/1/earshot.conversation.discovered.v1`;
    const objects = [
      [`events/2026-11-02T09/${sequence}-2.ndjson.gz`, [id('c0'), id('c2')]],
      [`events/2026-11-02T10/${sequence}-1.ndjson.gz`, [id('c1')]],
    ];
    expect([...fake.log]).toEqual(objects);
    await publishBatch(fake.outlets, records);
    expect([...fake.log]).toEqual(objects);
  });

  it('fails as a whole where the log cannot be written, so that the events come again', async () => {
    fake.clients.objects.on(PutObjectCommand).rejects(new Error('no bucket'));
    await expect(publishBatch(fake.outlets, [step(null, recordOf('c1'))])).rejects.toThrow('no bucket');
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
    await publishBatch(fake.outlets, [step(null, first), step(first, withTranscript(first))]);
    const text = JSON.stringify([fake.entries, [...fake.log]]);
    for (const canary of ['Ada', '441632960111', 'ada@', 'PRIVATE', 'SECRET']) expect(text).not.toContain(canary);
    for (const { Detail } of fake.entries) expect(Buffer.byteLength(Detail ?? '')).toBeLessThan(4_096);
  });
});

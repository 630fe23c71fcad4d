import { SendMessageBatchCommand } from '@aws-sdk/client-sqs';
import { beforeEach, describe, expect, it } from 'vitest';
import type { StoredRecord } from '#shared/domain/conversation.ts';
import { publishBatch } from '#shared/publish/publish-batch.ts';
import { contentOf, recordOf } from '#test/support/records.ts';
import { type FakeOutlets, fakeOutlets } from './fake-outlets.ts';
import { step } from './stream-steps.ts';

let fake: FakeOutlets;
beforeEach(() => {
  fake = fakeOutlets();
});

const withFiles = (id: string, ...keys: string[]): StoredRecord =>
  recordOf(id, {
    files: keys.map((key) => ({ key, kind: 'recording', contentType: null, bytes: null, revision: null })),
  });
const discovered = (id: string): string => `event support:${id}/1/earshot.conversation.discovered.v1`;
const jobs = () => fake.out.filter((line) => line.startsWith('job'));

describe('publishing files that are to be copied', () => {
  it('asks for each after the events of its step, once', async () => {
    const [first, other] = [withFiles('c1', 'a', 'b'), withFiles('c2')];
    const renamed = { ...first, conversation: { ...first.conversation, ...contentOf({ title: 'new' }), version: 2 } };
    expect(await publishBatch(fake.outlets, [step(null, first), step(null, other), step(first, renamed)])).toEqual({
      batchItemFailures: [],
    });
    expect(fake.out).toEqual([
      discovered('c1'),
      discovered('c2'),
      'event support:c1/2/earshot.conversation.updated.v1',
      'job support a',
      'job support b',
    ]);
  });

  it('asks for a file that came with no new version, of which there is no event', async () => {
    const [before, after] = [withFiles('c1'), withFiles('c1', 'late')];
    await publishBatch(fake.outlets, [step(before, after)]);
    expect(fake.out).toEqual(['job support late']);
  });

  it('asks nothing for a provider that has no queue', async () => {
    const record = withFiles('c1', 'a');
    const foreign = { ...record, conversation: { ...record.conversation, provider: 'salesloft' as const } };
    expect(await publishBatch(fake.outlets, [step(null, foreign)])).toEqual({ batchItemFailures: [] });
    expect(fake.out).toEqual([discovered('c1')]);
    expect(fake.clients.queue.commandCalls(SendMessageBatchCommand)).toEqual([]);
  });

  it('ends at the record whose job was refused twice; a repeat sends what is missing', async () => {
    const records = Array.from({ length: 15 }, (_, i) => step(null, withFiles(`c${i}`, `k${i}`)));
    fake.refuses = (line) => line === 'job support k12';
    const sequence = records[12]?.dynamodb?.SequenceNumber;
    expect(await publishBatch(fake.outlets, records)).toEqual({ batchItemFailures: [{ itemIdentifier: sequence }] });
    expect(fake.entries).toHaveLength(15);
    fake.refuses = () => false;
    expect(await publishBatch(fake.outlets, records.slice(12))).toEqual({ batchItemFailures: [] });
    expect(new Set(jobs()).size).toBe(15);
  });

  it('takes a job that is refused once for sent', async () => {
    let refusals = 1;
    fake.refuses = (line) => line === 'job support k1' && refusals-- > 0;
    const records = ['k0', 'k1', 'k2'].map((key, i) => step(null, withFiles(`c${i}`, key)));
    expect(await publishBatch(fake.outlets, records)).toEqual({ batchItemFailures: [] });
    expect(jobs().toSorted()).toEqual(['job support k0', 'job support k1', 'job support k2']);
  });

  it('sends no job of a record whose event stays refused, and of none behind it', async () => {
    const records = Array.from({ length: 15 }, (_, i) => step(null, withFiles(`c${i}`, `k${i}`)));
    fake.refuses = (line) => line.startsWith('event support:c7/');
    const sequence = records[7]?.dynamodb?.SequenceNumber;
    expect(await publishBatch(fake.outlets, records)).toEqual({ batchItemFailures: [{ itemIdentifier: sequence }] });
    expect(jobs()).toEqual(Array.from({ length: 7 }, (_, i) => `job support k${i}`));
  });

  it('fails as a whole where a queue cannot be reached, with the events out', async () => {
    fake.clients.queue.on(SendMessageBatchCommand).rejects(new Error('no queue'));
    await expect(publishBatch(fake.outlets, [step(null, withFiles('c1', 'a'))])).rejects.toThrow('no queue');
    expect(fake.out).toEqual([discovered('c1')]);
  });
});

import { S3Client } from '@aws-sdk/client-s3';
import type { DynamoDBRecord } from 'aws-lambda';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { takeBackEvents } from '#functions/operate/erase/clear-events.ts';
import { type Reader, redriveBatches } from '#functions/operate/redrive-batches.ts';
import type { Finished } from '#functions/operate/runner.ts';
import type { StreamRecord } from '#infra/local/dynamodb/stream-record.ts';
import { putFailedBatch } from '#infra/local/lambda/dead-letter.ts';
import { functionArn } from '#infra/local/template/arns.ts';
import type { StreamSource } from '#infra/local/template/description.ts';
import { newOperation } from '#shared/domain/operation.ts';
import type { RedriveRequest } from '#shared/domain/operation-redrive.ts';
import { indexBatch, removeRows } from '#shared/publish/index-batch.ts';
import { publishBatch } from '#shared/publish/publish-batch.ts';
import { listFailedBatches, removeFailedBatch } from '#shared/storage/failed-batches.ts';
import { putTombstone } from '#shared/storage/tombstones.ts';
import { type FakeOutlets, fakeOutlets } from '#test/publish/fake-outlets.ts';
import { step } from '#test/publish/stream-steps.ts';
import { epoch, identityOf, recordOf } from '#test/support/records.ts';
import { type TestStore, testStore } from '#test/support/store.ts';
import { itemTexts, objectTexts } from '#test/support/texts.ts';

let opened: TestStore;
let s3: S3Client;
let fake: FakeOutlets;
let minute = 0;

beforeAll(async () => {
  opened = await testStore();
  if (!(opened.store.objects instanceof S3Client)) throw new TypeError('expected a client');
  s3 = opened.store.objects;
});
afterAll(() => opened.close());
beforeEach(async () => {
  fake = fakeOutlets();
  for (const key of await left()) await removeFailedBatch(opened.store, key);
});

const [publish, participants] = ['publish', 'index-participants'];

/** A step as the stream tells it, its keys named too. */
const change = (id: string): DynamoDBRecord => {
  const record = step(null, recordOf(id));
  const Keys = { pk: { S: identityOf(id).uuid }, sk: { S: 'conversation' } };
  return { ...record, dynamodb: { ...record.dynamodb, Keys } };
};

async function fail(functionName: string, ...ids: string[]): Promise<void> {
  const records = ids.map((id): StreamRecord => {
    const { dynamodb } = change(id);
    return {
      eventSourceARN: 'arn',
      dynamodb: { ...dynamodb, ApproximateCreationDateTime: 1 },
    } as unknown as StreamRecord;
  });
  const source = { name: `mapping-of-${functionName}` } as StreamSource;
  const batch = { bucket: opened.store.bucket, source, functionName, records, attempts: 11 };
  await putFailedBatch(s3, batch, new Date(epoch + ++minute * 60_000));
}

const publishing = (outlets = fake.outlets): Reader => ({
  arn: functionArn(publish ?? ''),
  work: async (records) => {
    const { batchItemFailures } = await publishBatch(outlets, records);
    if (batchItemFailures.length > 0) throw new Error('refused');
  },
  takeBack: (records) => takeBackEvents(opened.store, records),
});

const indexing = (): Reader => ({
  arn: functionArn(participants ?? ''),
  work: (records) => indexBatch(opened.store, records, epoch),
  takeBack: (records) => removeRows(opened.store, records),
});

/** Puts a tombstone over a conversation. */
async function erase(id: string): Promise<void> {
  const stone = { version: 1, end: 'erased', at: new Date(epoch).toISOString(), operation: 'op', remains: '' } as const;
  await putTombstone(opened.store, { ...identityOf(id), ...stone });
}

/** A reader that comes to its end as a conversation is erased. */
const overtaken = (reader: Reader, id: string): Reader => ({
  ...reader,
  work: async (records) => {
    await reader.work(records);
    await erase(id);
  },
});

async function redrive(reader: Reader, request: RedriveRequest): Promise<Finished> {
  const task = { operation: newOperation('redrives', 'op', request, epoch), place: null };
  const work = redriveBatches({ store: opened.store, deadLetters: opened.store }, reader, request, task);
  let next = await work.next();
  while (!next.done) next = await work.next();
  return next.value;
}
async function left(): Promise<string[]> {
  const keys: string[] = [];
  for await (const key of listFailedBatches(opened.store, null)) keys.push(key);
  return keys;
}
const discovered = (id: string) => `event support:${id}/1/earshot.conversation.discovered.v1`;

describe('a redrive of batches of the stream', () => {
  it('does what the reader does, removes what is done, and leaves the other reader its own', async () => {
    await fail(publish ?? '', 'a', 'b');
    await fail(participants ?? '', 'c');
    await fail(publish ?? '', 'd');
    const conversations = ['a', 'b', 'd'].map((id) => identityOf(id).uuid);
    expect(await redrive(publishing(), { kind: 'publish' })).toEqual({
      ...{ progress: { done: 3, total: 3 }, result: { redriven: 2, left: 0, conversations } },
    });
    expect(fake.out).toEqual(['a', 'b', 'd'].map(discovered));
    expect(await left()).toHaveLength(1);
    fake.out.length = 0;
    expect(await redrive(publishing(), { kind: 'publish' })).toMatchObject({ result: { redriven: 0, left: 0 } });
    expect(fake.out).toEqual([]);
    for (const redriven of [1, 0]) {
      expect(await redrive(indexing(), { kind: 'participants' })).toMatchObject({ result: { redriven, left: 0 } });
    }
    expect(await left()).toEqual([]);
  });

  it('leaves what fails again, and goes on behind it', async () => {
    await fail(publish ?? '', 'a');
    await fail(publish ?? '', 'b');
    fake.refuses = (line) => line === discovered('a');
    expect(await redrive(publishing(), { kind: 'publish' })).toMatchObject({ result: { redriven: 1, left: 1 } });
    fake.refuses = () => false;
    expect(await redrive(publishing(), { kind: 'publish' })).toMatchObject({ result: { redriven: 1, left: 0 } });
    expect(fake.out).toEqual([discovered('b'), discovered('a')]);
  });

  it('leaves what makes it throw', async () => {
    await fail(publish ?? '', 'a');
    const reader = { ...publishing(), work: () => Promise.reject(new Error('no')) };
    expect(await redrive(reader, { kind: 'publish' })).toMatchObject({ result: { redriven: 0, left: 1 } });
    expect(await left()).toHaveLength(1);
  });

  it('takes the batches in which a conversation is that is named', async () => {
    await fail(publish ?? '', 'a', 'b');
    await fail(publish ?? '', 'c');
    const ids = ['support:b'];
    expect(await redrive(publishing(), { kind: 'publish', ids })).toMatchObject({ result: { redriven: 1, left: 1 } });
    expect(fake.out).toEqual(['a', 'b'].map(discovered));
  });

  it('stopped behind any batch goes on with the next', async () => {
    for (const id of ['a', 'b', 'c']) await fail(publish ?? '', id);
    const request: RedriveRequest = { kind: 'publish' };
    const operation = newOperation('redrives', 'op', request, epoch);
    let place: unknown = null;
    for (let runs = 0; runs < 10; runs++) {
      const work = redriveBatches({ store: opened.store, deadLetters: opened.store }, publishing(), request, {
        operation,
        place,
      });
      const next = await work.next();
      if (next.done) {
        expect([runs, next.value.result]).toMatchObject([4, { redriven: 3, left: 0 }]);
        break;
      }
      place = JSON.parse(JSON.stringify(next.value.place));
    }
    expect(fake.out).toEqual(['a', 'b', 'c'].map(discovered));
  });

  it('does nothing of a conversation that was erased before', async () => {
    await fail(publish ?? '', 'gone-1', 'stays-1');
    await fail(publish ?? '', 'gone-1');
    await erase('gone-1');
    expect(await redrive(publishing(), { kind: 'publish' })).toMatchObject({ result: { redriven: 1, left: 0 } });
    expect(fake.out).toEqual([discovered('stays-1')]);
    expect(await left()).toEqual([]);
  });

  it('takes the log and the rows back of one that is erased meanwhile', async () => {
    await fail(publish ?? '', 'gone-2', 'stays-2');
    await fail(participants ?? '', 'gone-3', 'stays-3');
    const logging = publishing({ ...fake.outlets, log: opened.store });
    await redrive(overtaken(logging, 'gone-2'), { kind: 'publish' });
    await redrive(overtaken(indexing(), 'gone-3'), { kind: 'participants' });
    const texts = [...(await itemTexts(opened.store)), ...(await objectTexts(opened.store))];
    const namesWith = (id: string) =>
      texts.filter((text) => text.join().includes(identityOf(id).uuid)).map(([name]) => name.replace(/[#/].*/, ''));
    expect(['gone-2', 'stays-2', 'gone-3', 'stays-3'].map(namesWith)).toEqual([
      [`${identityOf('gone-2').uuid} conversation`],
      [`${opened.store.bucket}`],
      [`${identityOf('gone-3').uuid} conversation`],
      ['participant'],
    ]);
    expect(await left()).toEqual([]);
  });
});

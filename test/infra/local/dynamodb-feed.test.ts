import { BatchWriteItemCommand, DeleteItemCommand, PutItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { expect, test } from 'vitest';
import { createTableFromDefinition } from '#infra/local/dynamodb/create-table.ts';
import type { StreamRecord } from '#infra/local/dynamodb/stream-record.ts';
import { readWholeFeed, replay, scanAll } from '#test/support/feed-replay.ts';
import { client, clock, close, endpoint, open, start, table } from '#test/support/restarting-dynamodb.ts';

const day = 24 * 60 * 60 * 1000;

function item(name: string, value: string) {
  return { pk: { S: name }, sk: { S: 'conversation' }, value: { S: value } };
}

async function put(name: string, value: string): Promise<void> {
  await client.send(new PutItemCommand({ TableName: table, Item: item(name, value) }));
}

async function remove(name: string): Promise<void> {
  const key = { pk: { S: name }, sk: { S: 'conversation' } };
  await client.send(new DeleteItemCommand({ TableName: table, Key: key }));
}

function summary({ eventName, dynamodb }: StreamRecord): string {
  return `${eventName} ${dynamodb.Keys['pk']?.S} ${dynamodb.OldImage?.['value']?.S}>${dynamodb.NewImage?.['value']?.S}`;
}

async function summaries(after = '', limit = 100): Promise<string[]> {
  return (await endpoint.feed.read(table, after, limit)).map(summary);
}

function sequenceOf(records: readonly StreamRecord[], position: number): string {
  return records[position]?.dynamodb.SequenceNumber ?? '';
}

test('every change leaves one entry, in order, with both images', async () => {
  await put('a', '1');
  await put('b', '1');
  await put('a', '2');
  await remove('a');
  await put('a', '3');
  expect(await summaries()).toEqual([
    'INSERT a undefined>1',
    'INSERT b undefined>1',
    'MODIFY a 1>2',
    'REMOVE a 2>undefined',
    'INSERT a undefined>3',
  ]);
});

test('an entry has the shape that Lambda hands on', async () => {
  await put('a', '1');
  const [record] = await endpoint.feed.read(table, '', 1);
  expect(record).toEqual({
    eventID: expect.stringMatching(/^[0-9a-f]{32}$/),
    eventName: 'INSERT',
    eventVersion: '1.1',
    eventSource: 'aws:dynamodb',
    awsRegion: 'us-east-1',
    dynamodb: {
      ApproximateCreationDateTime: start / 1000,
      Keys: { pk: { S: 'a' }, sk: { S: 'conversation' } },
      NewImage: item('a', '1'),
      SequenceNumber: expect.stringMatching(/^\d{21}$/),
      SizeBytes: 17 + 23,
      StreamViewType: 'NEW_AND_OLD_IMAGES',
    },
    eventSourceARN: `arn:aws:dynamodb:us-east-1:000000000000:table/${table}/stream/2026-03-02T00:00:00.000`,
  });
});

test('what changes nothing leaves no entry', async () => {
  await put('a', '1');
  await client.send(
    new UpdateItemCommand({
      TableName: table,
      Key: { pk: { S: 'a' }, sk: { S: 'conversation' } },
      UpdateExpression: 'SET labels = :labels, nested = :nested',
      ExpressionAttributeValues: { ':labels': { SS: ['x', 'y'] }, ':nested': { M: { list: { L: [{ N: '1' }] } } } },
    }),
  );
  const written = await endpoint.feed.read(table, '', 100);
  const same = { ...item('a', '1'), nested: { M: { list: { L: [{ N: '1.0' }] } } }, labels: { SS: ['y', 'x'] } };
  await client.send(new PutItemCommand({ TableName: table, Item: same }));
  await remove('nobody');
  await expect(
    client.send(
      new PutItemCommand({ TableName: table, Item: item('a', '9'), ConditionExpression: 'attribute_not_exists(pk)' }),
    ),
  ).rejects.toThrow('The conditional request failed');
  expect(written).toHaveLength(2);
  expect(await endpoint.feed.read(table, '', 100)).toEqual(written);
});

test('many writers at once: the entries make the items, and reading on from any point misses nothing', async () => {
  const names = ['a', 'b', 'c'];
  const seen: StreamRecord[] = [];
  const reader = (async () => {
    while (seen.length < 150) {
      const last = sequenceOf(seen, seen.length - 1);
      await endpoint.feed.wait(table, last, AbortSignal.timeout(10_000));
      seen.push(...(await endpoint.feed.read(table, last, 7)));
    }
  })();
  await Promise.all(Array.from({ length: 150 }, (_, count) => put(names[count % 3] ?? '', `${count}`)));
  await reader;
  expect(seen).toEqual(await readWholeFeed(endpoint.feed, table));
  expect(replay(seen).size).toBe(3);
  expect(await scanAll(client, table)).toHaveLength(3);
});

test('a batch write leaves an entry for each item', async () => {
  const puts = ['a', 'b', 'c'].map((name) => ({ PutRequest: { Item: item(name, '1') } }));
  await client.send(new BatchWriteItemCommand({ RequestItems: { [table]: puts } }));
  expect((await summaries()).sort()).toEqual(['a', 'b', 'c'].map((name) => `INSERT ${name} undefined>1`));
});

test('a read goes on after a sequence number, at most `limit` entries', async () => {
  for (const value of ['1', '2', '3', '4']) await put('a', value);
  const records = await endpoint.feed.read(table, '', 2);
  expect(records.map(summary)).toEqual(['INSERT a undefined>1', 'MODIFY a 1>2']);
  expect(await summaries(sequenceOf(records, 1), 1)).toEqual(['MODIFY a 2>3']);
});

test('entries and positions survive a restart, and sequence numbers go on after trimming', async () => {
  await put('a', '1');
  await put('a', '2');
  const before = await endpoint.feed.read(table, '', 100);
  await endpoint.feed.commit('publish', sequenceOf(before, 0));
  await close();
  await open();
  expect(await endpoint.feed.read(table, '', 100)).toEqual(before);
  expect(await endpoint.feed.position('publish')).toBe(sequenceOf(before, 0));
  expect(await endpoint.feed.position('another')).toBe('');

  await endpoint.feed.commit('publish', sequenceOf(before, 1));
  await endpoint.feed.trim(table, ['publish']);
  await close();
  await open();
  await put('a', '3');
  expect(await summaries(await endpoint.feed.position('publish'))).toEqual(['MODIFY a 2>3']);
});

test('wait wakes at a write, comes back at once for an entry that is there, and ends with its signal', async () => {
  const never = new AbortController().signal;
  let woken = false;
  const waiting = endpoint.feed.wait(table, '', never).then(() => {
    woken = true;
  });
  await endpoint.feed.read(table, '', 1);
  expect(woken).toBe(false);
  await put('a', '1');
  await waiting;
  await endpoint.feed.wait(table, '', never);

  const [last] = await endpoint.feed.read(table, '', 1);
  const stop = new AbortController();
  const ended = endpoint.feed.wait(table, last?.dynamodb.SequenceNumber ?? '', stop.signal);
  stop.abort();
  await ended;
});

test('trimming drops only what every consumer has passed', async () => {
  for (const value of ['1', '2', '3']) await put('a', value);
  const records = await endpoint.feed.read(table, '', 100);
  await endpoint.feed.commit('fast', sequenceOf(records, 2));
  await endpoint.feed.trim(table, ['fast', 'slow']);
  expect(await summaries()).toHaveLength(3);
  await endpoint.feed.commit('slow', sequenceOf(records, 0));
  clock.now += 10 * day;
  await endpoint.feed.trim(table, ['fast', 'slow']);
  expect(await summaries()).toEqual(['MODIFY a 1>2', 'MODIFY a 2>3']);
});

test('without consumers entries are dropped after 24 hours', async () => {
  await put('a', '1');
  clock.now += day - 2000;
  await put('a', '2');
  await endpoint.feed.trim(table, []);
  expect(await summaries()).toHaveLength(2);
  clock.now += 4000;
  await endpoint.feed.trim(table, []);
  expect(await summaries()).toEqual(['MODIFY a 1>2']);
});

test.each([
  ['KEYS_ONLY', [false, false]],
  ['NEW_IMAGE', [true, false]],
  ['OLD_IMAGE', [false, true]],
] as const)('a stream of %s carries no more than that', async (view, [hasNew, hasOld]) => {
  const name = `earshot-${view}`;
  await createTableFromDefinition(client, { name, keys: { partition: 'pk' }, indexes: [], stream: view });
  for (const value of ['1', '2']) {
    await client.send(new PutItemCommand({ TableName: name, Item: { pk: { S: 'a' }, value: { S: value } } }));
  }
  const [, modified] = await endpoint.feed.read(name, '', 2);
  expect(modified?.dynamodb.Keys).toEqual({ pk: { S: 'a' } });
  expect(modified?.dynamodb.NewImage !== undefined).toBe(hasNew);
  expect(modified?.dynamodb.OldImage !== undefined).toBe(hasOld);
});

test('a table without a stream has no entries', async () => {
  await createTableFromDefinition(client, { name: 'earshot-silent', keys: { partition: 'pk' }, indexes: [] });
  await client.send(new PutItemCommand({ TableName: 'earshot-silent', Item: { pk: { S: 'a' } } }));
  expect(await endpoint.feed.read('earshot-silent', '', 10)).toEqual([]);
});

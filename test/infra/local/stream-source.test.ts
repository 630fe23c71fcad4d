import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createTableFromDefinition } from '#infra/local/dynamodb/create-table.ts';
import { type DynamodbEndpoint, startDynamodb } from '#infra/local/dynamodb/endpoint.ts';
import type { StreamRecord } from '#infra/local/dynamodb/stream-record.ts';
import type { FailedBatch } from '#infra/local/lambda/dead-letter.ts';
import type { LocalFunction } from '#infra/local/lambda/function-pool.ts';
import type { Outcome } from '#infra/local/lambda/sandbox.ts';
import { type Consumer, consumerName, startStreamConsumer } from '#infra/local/lambda/stream-source.ts';
import type { StreamSource } from '#infra/local/template/description.ts';

const folder = mkdtempSync(join(tmpdir(), 'earshot-stream-'));
let dynamodb: DynamodbEndpoint;
let client: DynamoDBClient;
let consumers: Consumer[] = [];

beforeEach(() => start());
afterEach(async () => {
  await stop();
  rmSync(folder, { recursive: true });
});

async function start(): Promise<void> {
  dynamodb = await startDynamodb({ dataDir: folder });
  client = new DynamoDBClient({
    endpoint: dynamodb.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
  });
  await createTableFromDefinition(client, {
    name: 'tab',
    keys: { partition: 'pk' },
    indexes: [],
    stream: 'NEW_AND_OLD_IMAGES',
  });
}

async function stop(): Promise<void> {
  await Promise.all(consumers.map((consumer) => consumer.stop()));
  consumers = [];
  client.destroy();
  await dynamodb.close();
}

const put = async (...keys: string[]): Promise<void> => {
  for (const pk of keys) await client.send(new PutItemCommand({ TableName: 'tab', Item: { pk: { S: pk } } }));
};

const source: StreamSource = {
  name: 'source',
  function: 'f',
  table: 'tab',
  batchSize: 100,
  windowMs: 0,
  filters: [],
  reportsFailures: true,
  bisect: true,
  retries: 2,
  failureBucket: 'dead',
};

const keyOf = ({ dynamodb: { Keys } }: StreamRecord): string => String(Keys['pk']?.['S']);
const answer = (value: unknown): Outcome => ({ kind: 'returned', payload: JSON.stringify(value) });
const thrown: Outcome = { kind: 'failed', error: { errorType: 'Error', errorMessage: '' } };

/** Runs a consumer whose function is `run`; gives the batches it got, and what was put aside. */
function consume(
  run: (keys: string[], records: StreamRecord[]) => Outcome,
  rules: Partial<StreamSource> = {},
  fits = (_: StreamRecord) => true,
) {
  const batches: string[] = [];
  const dead: FailedBatch[] = [];
  const target = {
    definition: { name: 'f' },
    invoke: async ({ Records }: { Records: StreamRecord[] }) => {
      const keys = Records.map(keyOf);
      batches.push(keys.join(''));
      return run(keys, Records);
    },
  } as unknown as LocalFunction; // the two members that the consumer uses
  const deadLetter = async (batch: FailedBatch) => void dead.push(batch);
  const whole = { ...source, ...rules };
  consumers.push(
    startStreamConsumer(whole, { feed: dynamodb.feed, target, fits, deadLetter, warn: () => undefined, pauseMs: 1 }),
  );
  return { batches, dead, deadKeys: () => dead.map(({ records }) => records.map(keyOf).join('')) };
}

const caughtUp = () =>
  expect
    .poll(async () => (await dynamodb.feed.read('tab', await dynamodb.feed.position(consumerName(source)), 1)).length, {
      interval: 5,
    })
    .toBe(0);

describe('a consumer of a stream', () => {
  test('hands over what is there and what comes, in order', async () => {
    await put('a', 'b');
    const { batches } = consume(() => answer(null));
    await put('c');
    await caughtUp();
    expect(batches.join('')).toBe('abc');
  });

  test('leaves out what no pattern fits, and still moves on', async () => {
    await put('a', 'b', 'c');
    const { batches } = consume(
      () => answer({}),
      {},
      (record) => keyOf(record) === 'b',
    );
    await caughtUp();
    expect(batches).toEqual(['b']);
  });

  test('sees batches no larger than asked for', async () => {
    await put('a', 'b', 'c', 'd', 'e');
    const { batches } = consume(() => answer({ batchItemFailures: [] }), { batchSize: 2 });
    await caughtUp();
    expect(batches).toEqual(['ab', 'cd', 'e']);
  });

  test('a poisonous record is split off, tried again, put aside with all of it, and the rest goes on', async () => {
    await put('a', 'b', 'x', 'c', 'd');
    const { batches, dead, deadKeys } = consume((keys) => (keys.includes('x') ? thrown : answer(null)));
    await caughtUp();
    expect(deadKeys()).toEqual(['x']);
    expect(dead[0]).toMatchObject({ bucket: 'dead', attempts: 3 });
    expect(dead[0]?.records[0]?.dynamodb.NewImage).toEqual({ pk: { S: 'x' } });
    expect(batches).toEqual(['abxcd', 'abx', 'ab', 'x', 'x', 'x', 'cd']);
  });

  test('what stands before a reported item is done; the item comes again', async () => {
    await put('a', 'b', 'c');
    let refusals = 2;
    const run = (keys: string[], records: StreamRecord[]) => {
      const at = keys.indexOf('b');
      if (at < 0 || refusals-- <= 0) return answer({ batchItemFailures: [] });
      return answer({ batchItemFailures: [{ itemIdentifier: records[at]?.dynamodb.SequenceNumber }] });
    };
    const { batches, dead } = consume(run, { bisect: false });
    await caughtUp();
    expect([batches, dead]).toEqual([['abc', 'bc', 'bc'], []]);
  });

  test('an item that was not in the batch counts as the whole batch', async () => {
    await put('a', 'b');
    let first = true;
    const { batches } = consume(() => {
      const result = first ? answer({ batchItemFailures: [{ itemIdentifier: 'zzz' }] }) : answer(null);
      first = false;
      return result;
    });
    await caughtUp();
    expect(batches).toEqual(['ab', 'a', 'b']);
  });

  test('after a restart goes on behind what it committed, and gives again what it did not', async () => {
    await put('a', 'b');
    const before = consume(() => answer(null));
    await caughtUp();
    await put('c');
    // the process ends while `c` fails
    await expect.poll(() => before.batches.join('')).toContain('c');
    await stop();
    await start();
    await put('d');
    const failing = consume(() => thrown, { retries: -1 });
    await expect.poll(() => failing.batches.length).toBeGreaterThan(0);
    await stop();
    await start();
    const after = consume(() => answer(null));
    await caughtUp();
    expect([before.batches.join(''), after.batches.join('')]).toEqual(['abc', 'd']);
  });

  test('a stop in the middle of retries puts nothing aside', async () => {
    await put('a');
    const { dead, batches } = consume(() => thrown, { retries: -1 });
    await expect.poll(() => batches.length).toBeGreaterThan(1);
    await Promise.all(consumers.splice(0).map((consumer) => consumer.stop()));
    expect([dead, await dynamodb.feed.position(consumerName(source))]).toEqual([[], '']);
  });
});

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type AttributeValue,
  DeleteItemCommand,
  type DynamoDBClient,
  DynamoDBServiceException,
  PutItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startDynamodb } from '#infra/local/dynamodb/endpoint.ts';
import { indexes, itemAttributes, projectedAttributes } from '#shared/facts/table.ts';
import { testDynamodbClient } from '#test/support/dynamodb.ts';
import { itemText, queryAll, readWholeFeed, replay, scanAll } from '#test/support/feed-replay.ts';
import { createEarshotTable } from '#test/support/table.ts';

type Item = Record<string, AttributeValue>;
/** What a key must hold: what was last acknowledged or, if the process died during a request, what that one writes. */
type Expected = { acknowledged: Item | null; underWay?: Item | null };
type Counter = { acknowledged: number; underWay: number };

const table = 'earshot-kill';
const rounds = 10;
const workers = 8;
const keysPerWorker = 4;
let dataDir: string;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'earshot-dynamodb-'));
});

afterAll(async () => {
  await rm(dataDir, { recursive: true, force: true });
});

test('a process killed at any instant keeps what it acknowledged, and items, indexes and feed agree', async () => {
  const expected = new Map<string, Expected>();
  const counter: Counter = { acknowledged: 0, underWay: 0 };
  for (let round = 0; round < rounds; round += 1) {
    const { child, url } = await startProcess();
    const client = testDynamodbClient(url);
    if (round === 0) await createEarshotTable(client, table);
    const acknowledged = killAfter(child, 20 + Math.floor(Math.random() * 100));
    const exited = once(child, 'exit');
    await Promise.all([
      ...Array.from({ length: workers }, (_, worker) => writeUntilDead(client, worker, expected, acknowledged)),
      countUntilDead(client, counter, acknowledged),
    ]);
    await exited;
    client.destroy();
    await checkAfterKill(expected, counter);
  }
}, 60_000);

/** Counts acknowledged writes and kills the process a moment after the last, so always under full load. */
function killAfter(child: ChildProcess, writes: number): () => void {
  let left = writes;
  return () => {
    left -= 1;
    if (left === 0) setTimeout(() => child.kill('SIGKILL'), Math.random() * 4);
  };
}

async function startProcess(): Promise<{ child: ChildProcess; url: string }> {
  const child = spawn(process.execPath, ['test/support/dynamodb-process.ts', dataDir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (child.stdout === null) throw new Error('the child has no output');
  const [chunk] = await once(child.stdout, 'data');
  return { child, url: String(chunk).trim() };
}

async function writeUntilDead(
  client: DynamoDBClient,
  worker: number,
  expected: Map<string, Expected>,
  acknowledged: () => void,
): Promise<void> {
  for (;;) {
    const key = `worker-${worker}-${Math.floor(Math.random() * keysPerWorker)}`;
    const before = expected.get(key)?.acknowledged ?? null;
    const after = nextItem(key, before);
    expected.set(key, { acknowledged: before, underWay: after });
    try {
      await write(client, key, before, after);
    } catch (error) {
      if (error instanceof DynamoDBServiceException) throw error;
      return;
    }
    expected.set(key, { acknowledged: after });
    acknowledged();
  }
}

function nextItem(key: string, before: Item | null): Item | null {
  if (before !== null && Math.random() < 0.25) return null;
  const stamp = new Date(Math.floor(Math.random() * 1e12)).toISOString();
  return {
    pk: { S: key },
    sk: { S: 'conversation' },
    [itemAttributes.connection]: { S: Math.random() < 0.5 ? 'east' : 'west' },
    [itemAttributes.startKey]: { S: `${stamp}#${key}` },
    [itemAttributes.updateKey]: { S: `${stamp}#${key}` },
    ...(Math.random() < 0.5 && {
      [itemAttributes.dueConnection]: { S: 'east' },
      [itemAttributes.dueKey]: { S: `${stamp}#${key}` },
    }),
    // now and then large, so that a batch spans several blocks of the log
    [itemAttributes.record]: { B: new Uint8Array(Math.random() < 0.1 ? 90_000 : 300).fill(Math.random() * 256) },
    [itemAttributes.version]: { N: String(Number(before?.[itemAttributes.version]?.N ?? 0) + 1) },
  };
}

/** Every write is conditional on what was acknowledged before, so a lost write shows at once as a refusal. */
async function write(client: DynamoDBClient, key: string, before: Item | null, after: Item | null): Promise<void> {
  const version = before?.[itemAttributes.version];
  const condition = {
    ConditionExpression: version === undefined ? 'attribute_not_exists(pk)' : 'v = :known',
    ...(version !== undefined && { ExpressionAttributeValues: { ':known': version } }),
  };
  const at = { pk: { S: key }, sk: { S: 'conversation' } };
  if (after === null) await client.send(new DeleteItemCommand({ TableName: table, Key: at, ...condition }));
  else await client.send(new PutItemCommand({ TableName: table, Item: after, ...condition }));
}

async function countUntilDead(client: DynamoDBClient, counter: Counter, acknowledged: () => void): Promise<void> {
  for (;;) {
    counter.underWay = 1;
    try {
      await client.send(
        new UpdateItemCommand({
          TableName: table,
          Key: { pk: { S: 'counter' }, sk: { S: 'counter' } },
          UpdateExpression: 'ADD n :one',
          ExpressionAttributeValues: { ':one': { N: '1' } },
        }),
      );
    } catch (error) {
      if (error instanceof DynamoDBServiceException) throw error;
      return;
    }
    counter.acknowledged += 1;
    counter.underWay = 0;
    acknowledged();
  }
}

async function checkAfterKill(expected: Map<string, Expected>, counter: Counter) {
  const endpoint = await startDynamodb({ dataDir });
  const client = testDynamodbClient(endpoint.url);
  const items = await scanAll(client, table);
  const byKey = new Map(items.map((item) => [item['pk']?.S ?? '', item]));
  for (const [key, state] of expected) {
    const found = byKey.get(key) ?? null;
    const allowed = [state.acknowledged, ...(state.underWay === undefined ? [] : [state.underWay])];
    expect(allowed.map(textOf)).toContain(textOf(found));
    expected.set(key, { acknowledged: found });
  }
  const counted = Number(byKey.get('counter')?.['n']?.N ?? 0);
  expect(counted).toBeGreaterThanOrEqual(counter.acknowledged);
  expect(counted).toBeLessThanOrEqual(counter.acknowledged + counter.underWay);
  counter.acknowledged = counted;

  const replayed = replay(await readWholeFeed(endpoint.feed, table));
  expect([...replayed.values()].sort()).toEqual(items.map(itemText).sort());
  await checkIndexes(client, items);
  client.destroy();
  await endpoint.close();
}

async function checkIndexes(client: DynamoDBClient, items: readonly Item[]): Promise<void> {
  for (const index of Object.values(indexes)) {
    const carried = index === indexes.byDue ? [] : projectedAttributes;
    const names: string[] = ['pk', 'sk', index.partition, index.sort, ...carried];
    for (const partition of ['east', 'west']) {
      const rows = await queryAll(client, table, index, partition);
      const indexed = items
        .filter((item) => item[index.partition]?.S === partition && item[index.sort] !== undefined)
        .sort((a, b) => ((a[index.sort]?.S ?? '') < (b[index.sort]?.S ?? '') ? -1 : 1))
        .map((item) => Object.fromEntries(Object.entries(item).filter(([name]) => names.includes(name))));
      expect(rows.map(itemText)).toEqual(indexed.map(itemText));
    }
  }
}

function textOf(item: Item | null): string | null {
  return item === null ? null : itemText(item);
}

import {
  type AttributeValue,
  BatchGetItemCommand,
  BatchWriteItemCommand,
  ConditionalCheckFailedException,
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
  paginateQuery,
  QueryCommand,
  type QueryCommandInput,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { indexes, itemAttributes, projectedAttributes } from '#shared/facts/table.ts';
import { type TestDynamodb, testDynamodb } from '#test/support/dynamodb.ts';

/*
 * What the storage code expects of DynamoDB. The same file runs against the embedded endpoint and, in the conformance
 * run, against DynamoDB Local, so that the embedded one cannot drift away unseen.
 */
type Item = Record<string, AttributeValue>;

let db: TestDynamodb;

beforeAll(async () => {
  db = await testDynamodb();
});

afterAll(async () => {
  await db.close();
});

function key(name: string) {
  return { pk: { S: name }, sk: { S: 'conversation' } };
}

function put(item: Item, condition?: { expression: string; values?: Item }) {
  return db.client.send(
    new PutItemCommand({
      TableName: db.table,
      Item: item,
      ConditionExpression: condition?.expression,
      ExpressionAttributeValues: condition?.values,
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    }),
  );
}

async function get(name: string): Promise<Item | undefined> {
  const input = { TableName: db.table, Key: key(name), ConsistentRead: true };
  return (await db.client.send(new GetItemCommand(input))).Item;
}

/** Pages of an index's partition; GSIs of a real DynamoDB lag, the two local ones do not. */
async function pages(partition: string, options: Partial<QueryCommandInput> = {}): Promise<string[][]> {
  const index = options.IndexName === indexes.byDue.name ? indexes.byDue : indexes.byStart;
  const input = {
    TableName: db.table,
    IndexName: index.name,
    KeyConditionExpression: '#partition = :partition',
    ExpressionAttributeNames: { '#partition': index.partition },
    ...options,
    ExpressionAttributeValues: { ':partition': { S: partition }, ...options.ExpressionAttributeValues },
  };
  const found: string[][] = [];
  for await (const page of paginateQuery({ client: db.client }, input)) {
    found.push((page.Items ?? []).map((row) => row['pk']?.S ?? ''));
  }
  return found;
}

function started(connection: string, name: string, second: number, more: Item = {}): Item {
  const at = new Date(second * 1000).toISOString();
  const { connection: partition, startKey } = itemAttributes;
  return { ...key(name), [partition]: { S: connection }, [startKey]: { S: `${at}#${name}` }, ...more };
}

async function outcome(work: Promise<unknown>): Promise<string> {
  return await work.then(
    () => 'done',
    (error: unknown) => (error instanceof ConditionalCheckFailedException ? 'refused' : String(error)),
  );
}

describe('conditions', () => {
  test('of 50 racing first puts one wins', async () => {
    const racers = Array.from({ length: 50 }, (_, racer) =>
      outcome(put({ ...key('race'), racer: { N: `${racer}` } }, { expression: 'attribute_not_exists(pk)' })),
    );
    const outcomes = await Promise.all(racers);
    expect(outcomes.filter((one) => one === 'done')).toHaveLength(1);
    expect(outcomes.filter((one) => one === 'refused')).toHaveLength(49);
    expect(await get('race')).toMatchObject({ racer: { N: `${outcomes.indexOf('done')}` } });
  });

  test('versions put in any order leave the highest', async () => {
    const versions = [3, 1, 5, 2, 4, 5, 3];
    const condition = 'attribute_not_exists(pk) OR v < :v';
    const outcomes = await Promise.all(
      versions.map((version) => {
        const v = { N: `${version}` };
        return outcome(put({ ...key('versions'), v }, { expression: condition, values: { ':v': v } }));
      }),
    );
    expect(outcomes.filter((one) => one !== 'done' && one !== 'refused')).toEqual([]);
    expect(await get('versions')).toMatchObject({ v: { N: '5' } });
  });

  test('a refusal carries the item that stood in the way', async () => {
    const item = { ...key('old'), v: { N: '2' }, h: { B: new Uint8Array([1, 2, 3]) } };
    await put(item);
    const refused = put(key('old'), { expression: 'h <> :h', values: { ':h': { B: new Uint8Array([1, 2, 3]) } } });
    await expect(refused).rejects.toMatchObject({ name: 'ConditionalCheckFailedException', Item: item });
    await expect(put(key('none'), { expression: 'attribute_exists(pk)' })).rejects.toMatchObject({ Item: undefined });
  });

  test('200 additions at once all count', async () => {
    const input = { TableName: db.table, Key: key('sum'), UpdateExpression: 'ADD n :one' };
    const one = { ExpressionAttributeValues: { ':one': { N: '1' } } };
    await Promise.all(Array.from({ length: 200 }, () => db.client.send(new UpdateItemCommand({ ...input, ...one }))));
    expect(await get('sum')).toMatchObject({ n: { N: '200' } });
  });

  test.each([
    ['size(s) = :n', { ':n': { N: '2' } }, 'done'],
    ['begins_with(s, :s)', { ':s': { S: 'ä' } }, 'done'],
    ['s BETWEEN :a AND :z', { ':a': { S: 'a' }, ':z': { S: 'z' } }, 'refused'],
    ['contains(l, :s)', { ':s': { S: 'x' } }, 'done'],
    ['attribute_type(s, :type)', { ':type': { S: 'N' } }, 'refused'],
    ['m.deep = :s AND NOT l[1] = :s', { ':s': { S: 'x' } }, 'done'],
    ['n IN (:a, :b)', { ':a': { N: '1' }, ':b': { N: '10' } }, 'done'],
    ['nothing < :n', { ':n': { N: '3' } }, 'refused'],
    ['nothing <> :n', { ':n': { N: '3' } }, 'done'],
    ['n < :n', { ':n': { N: '9' } }, 'refused'],
  ] as const)('condition %s', async (expression, values, expected) => {
    const item = { ...key('grammar'), s: { S: 'äb' }, n: { N: '10' } };
    const nested = { l: { L: [{ S: 'x' }, { N: '1' }] }, m: { M: { deep: { S: 'x' } } } };
    await put({ ...item, ...nested });
    expect(await outcome(put({ ...item, ...nested }, { expression, values }))).toBe(expected);
  });
});

describe('queries', () => {
  const names = Array.from({ length: 23 }, (_, number) => `list-${String(number).padStart(2, '0')}`);

  beforeAll(async () => {
    for (const [second, name] of names.entries()) {
      const due = second % 5 === 0 && { dc: { S: 'list' }, du: { S: `${String(second).padStart(3, '0')}#${name}` } };
      const more = { r: { B: new Uint8Array(10).fill(second) }, v: { N: '1' }, h: { S: 'not projected' }, ...due };
      await put(started('list', name, second, more));
    }
    await put(started('list-neighbour', 'neighbour', 1));
  });

  test('an index pages forward and backward over every row once', async () => {
    const forward = await pages('list', { Limit: 5 });
    expect(forward.flat()).toEqual(names);
    expect(forward.slice(0, 4).every((page) => page.length === 5)).toBe(true);
    const backward = await pages('list', { Limit: 5, ScanIndexForward: false });
    expect(backward.flat()).toEqual(names.toReversed());
  });

  test('rows with one sort key value page over every row once', async () => {
    const same = Array.from({ length: 7 }, (_, number) => `same-${number}`);
    for (const name of same) await put({ ...started('same', name, 1), st: { S: 'same' } });
    const forward = (await pages('same', { Limit: 2 })).flat();
    const backward = (await pages('same', { Limit: 2, ScanIndexForward: false })).flat();
    expect(forward.toSorted()).toEqual(same);
    expect(backward).toEqual(forward.toReversed());
  });

  test('a page that ends exactly at the end may be followed by an empty one', async () => {
    expect((await pages('list', { Limit: 23 })).map((page) => page.length)).toEqual([23, 0]);
  });

  test.each([
    ['#s < :a', ['list-00', 'list-01']],
    ['#s BETWEEN :a AND :b', ['list-02', 'list-03']],
    ['#s >= :b', names.slice(4)],
    ['begins_with(#s, :prefix)', names.slice(10, 20)],
  ])('a range of the sort key: %s', async (range, expected) => {
    const at = (second: number): AttributeValue => ({ S: new Date(second * 1000).toISOString() });
    const values = { ':a': at(2), ':b': at(4), ':prefix': { S: '1970-01-01T00:00:1' } };
    const used = Object.entries(values).filter(([name]) => range.includes(name));
    const found = await pages('list', {
      KeyConditionExpression: `#partition = :partition AND ${range}`,
      ExpressionAttributeNames: { '#partition': itemAttributes.connection, '#s': itemAttributes.startKey },
      ExpressionAttributeValues: Object.fromEntries(used),
    });
    expect(found.flat()).toEqual(expected);
  });

  test('a time index carries keys and projected attributes, no others', async () => {
    const input = { TableName: db.table, IndexName: indexes.byStart.name, Limit: 1 };
    const page = await db.client.send(
      new QueryCommand({
        ...input,
        KeyConditionExpression: 'cn = :cn',
        ExpressionAttributeValues: { ':cn': { S: 'list' } },
      }),
    );
    const { connection, startKey } = itemAttributes;
    const expected = ['pk', 'sk', connection, startKey, ...projectedAttributes];
    expect(Object.keys(page.Items?.[0] ?? {}).toSorted()).toEqual(expected.toSorted());
    expect(Object.keys(page.LastEvaluatedKey ?? {}).toSorted()).toEqual(['pk', 'sk', connection, startKey].toSorted());
  });

  test('the sparse index holds only what is due, and follows each change', async () => {
    const due = async () => (await pages('list', { IndexName: indexes.byDue.name })).flat();
    expect(await due()).toEqual(['list-00', 'list-05', 'list-10', 'list-15', 'list-20']);
    const update = (name: string, expression: string, values?: Item) =>
      db.client.send(
        new UpdateItemCommand({
          TableName: db.table,
          Key: key(name),
          UpdateExpression: expression,
          ExpressionAttributeValues: values,
        }),
      );
    await update('list-05', 'REMOVE dc, du');
    await update('list-10', 'SET du = :du', { ':du': { S: '999' } });
    await update('list-01', 'SET dc = :dc, du = :du', { ':dc': { S: 'list' }, ':du': { S: '001' } });
    await db.client.send(new DeleteItemCommand({ TableName: db.table, Key: key('list-20') }));
    expect(await due()).toEqual(['list-00', 'list-01', 'list-15', 'list-10']);
    await put(started('list', 'list-20', 20));
  });

  test('a projection gives what it names, a count no items', async () => {
    const input = {
      TableName: db.table,
      IndexName: indexes.byStart.name,
      KeyConditionExpression: 'cn = :cn',
      ExpressionAttributeValues: { ':cn': { S: 'list' } },
    };
    const projected = { ...input, Limit: 2, ProjectionExpression: 'v, #k', ExpressionAttributeNames: { '#k': 'pk' } };
    const page = await db.client.send(new QueryCommand(projected));
    expect(page.Items).toEqual(names.slice(0, 2).map((name) => ({ pk: { S: name }, v: { N: '1' } })));
    const count = await db.client.send(new QueryCommand({ ...input, Select: 'COUNT' }));
    expect([count.Count, count.Items, count.LastEvaluatedKey]).toEqual([23, undefined, undefined]);
  });

  test('a limit counts before the filter', async () => {
    const found = await pages('list', {
      Limit: 10,
      FilterExpression: 'begins_with(pk, :none)',
      ExpressionAttributeValues: { ':none': { S: 'none' } },
    }).catch((error: unknown) => String(error));
    expect(found).toEqual([[], [], []]);
  });

  test('a page ends at 1 MB, and the next goes on', async () => {
    const large = Array.from({ length: 6 }, (_, number) => `large-${number}`);
    for (const [second, name] of large.entries()) {
      await put(started('large', name, second, { r: { B: new Uint8Array(300_000) } }));
    }
    const found = await pages('large');
    expect(found.flat()).toEqual(large);
    expect(found.map((page) => page.length)).toEqual([4, 2]);
  });

  test.each<[string, Partial<QueryCommandInput>]>([
    ['Limit 0', { Limit: 0 }],
    ['a start key of another partition', { ExclusiveStartKey: started('elsewhere', 'x', 1) }],
    ['a start key without its index key', { ExclusiveStartKey: key('x') }],
    ['an unused value', { ExpressionAttributeValues: { ':unused': { S: 'x' } } }],
    ['a consistent read of an index', { ConsistentRead: true }],
  ])('refused: %s', async (_name, options) => {
    const input = {
      TableName: db.table,
      IndexName: indexes.byStart.name,
      KeyConditionExpression: 'cn = :cn',
      ...options,
      ExpressionAttributeValues: { ':cn': { S: 'list' }, ...options.ExpressionAttributeValues },
    };
    await expect(db.client.send(new QueryCommand(input))).rejects.toMatchObject({ name: 'ValidationException' });
  });
});

describe('batches', () => {
  test('100 items are read in one call, those that are missing left out', async () => {
    const names = Array.from({ length: 99 }, (_, number) => `batch-${number}`);
    for (let from = 0; from < names.length; from += 25) {
      const puts = names.slice(from, from + 25).map((name) => ({ PutRequest: { Item: key(name) } }));
      await db.client.send(new BatchWriteItemCommand({ RequestItems: { [db.table]: puts } }));
    }
    const keys = [...names, 'batch-missing'].map(key);
    const answer = await db.client.send(new BatchGetItemCommand({ RequestItems: { [db.table]: { Keys: keys } } }));
    const found = (answer.Responses?.[db.table] ?? []).map((item) => item['pk']?.S);
    expect(found.toSorted()).toEqual(names.toSorted());
    expect(answer.UnprocessedKeys).toEqual({});
  });

  test('an answer ends at 16 MB; the keys left over come back with the request they belong to', async () => {
    const names = Array.from({ length: 43 }, (_, number) => `heavy-${number}`);
    const bytes = new Uint8Array(400_000);
    for (const name of names) await put({ ...key(name), r: { B: bytes }, v: { N: '1' } });
    const request = {
      Keys: names.map(key),
      ProjectionExpression: '#pk, r',
      ExpressionAttributeNames: { '#pk': 'pk' },
      ConsistentRead: true,
    };
    const answer = await db.client.send(new BatchGetItemCommand({ RequestItems: { [db.table]: request } }));
    const found = answer.Responses?.[db.table] ?? [];
    const left = answer.UnprocessedKeys?.[db.table];
    expect(found.length).toBeGreaterThan(38);
    expect(found.length).toBeLessThan(43);
    expect(Object.keys(found[0] ?? {}).toSorted()).toEqual(['pk', 'r']);
    expect(left).toMatchObject({ ProjectionExpression: '#pk, r', ExpressionAttributeNames: { '#pk': 'pk' } });
    expect([...found, ...(left?.Keys ?? [])].map((item) => item['pk']?.S).toSorted()).toEqual(names.toSorted());
  });

  test.each([
    ['over 100 keys', () => Array.from({ length: 101 }, (_, number) => key(`${number}`))],
    ['one key twice', () => [key('a'), key('a')]],
  ])('refused: %s', async (_name, keys) => {
    const input = { RequestItems: { [db.table]: { Keys: keys() } } };
    await expect(db.client.send(new BatchGetItemCommand(input))).rejects.toMatchObject({ name: 'ValidationException' });
  });
});

describe('limits', () => {
  /** 400 KB in all: the names and keys take 24 bytes */
  const fits = 400 * 1024 - 24;
  const large = (name: string, value: AttributeValue) => outcome(put({ ...key(name), r: value }));

  test('an item of 400 KB is taken, one byte more refused', async () => {
    expect(await large('limit', { B: new Uint8Array(fits - 1) })).toBe('done');
    expect(await large('limit+', { B: new Uint8Array(fits + 20) })).toContain('Item size has exceeded the maximum');
  });

  test('text counts in UTF-8', async () => {
    expect(await large('umlaut', { S: 'ä'.repeat(fits / 2 - 20) })).toBe('done');
    expect(await large('umlaut', { S: 'ä'.repeat(fits / 2 + 20) })).toContain('Item size has exceeded the maximum');
  });

  test('an update cannot grow an item over it', async () => {
    const half = { B: new Uint8Array(fits / 2) };
    await put({ ...key('grow'), a: half });
    const input = { TableName: db.table, Key: key('grow'), UpdateExpression: 'SET b = :b' };
    const update = (bytes: number) =>
      db.client.send(
        new UpdateItemCommand({ ...input, ExpressionAttributeValues: { ':b': { B: new Uint8Array(bytes) } } }),
      );
    await expect(update(fits / 2 + 100)).rejects.toMatchObject({
      name: 'ValidationException',
      message: 'Item size to update has exceeded the maximum allowed size',
    });
    await update(fits / 2 - 100);
  });

  test('empty key and wrong index key type are refused, empty text elsewhere is kept', async () => {
    const refused = { name: 'ValidationException' };
    await expect(put({ ...key('x'), sk: { S: '' } })).rejects.toMatchObject(refused);
    await expect(put({ ...key('x'), cn: { N: '1' } })).rejects.toMatchObject(refused);
    await put({ ...key('empty'), text: { S: '' }, bytes: { B: new Uint8Array() } });
    expect(await get('empty')).toMatchObject({ text: { S: '' }, bytes: { B: new Uint8Array() } });
  });

  test('an empty index key is refused', async () => {
    await expect(put({ ...key('x'), cn: { S: '' }, st: { S: '1' } })).rejects.toMatchObject({
      name: 'ValidationException',
    });
  });

  test('numbers keep 38 digits', async () => {
    const n = '12345678901234567890123456789012345678';
    await put({ ...key('digits'), n: { N: n } });
    expect(await get('digits')).toMatchObject({ n: { N: n } });
    await expect(put({ ...key('digits'), n: { N: `${n}9` } })).rejects.toMatchObject({ name: 'ValidationException' });
  });
});

describe('updates', () => {
  test.each([
    ['SET a = if_not_exists(a, :n), b = a', { a: { N: '1' }, b: { N: '1' } }],
    ['SET a = a + :n', { a: { N: '6' } }],
    ['SET c = if_not_exists(c, :zero) + :n', { c: { N: '5' } }],
    ['SET l = list_append(l, :l)', { a: { N: '1' }, l: { L: [{ S: 'x' }, { S: 'y' }] } }],
    ['SET m.deep = :n REMOVE a', { a: undefined, m: { M: { deep: { N: '5' } } } }],
    ['DELETE tags :tag ADD a :n', { a: { N: '6' }, tags: { SS: ['keep'] } }],
  ] as const)('%s', async (expression, expected) => {
    const base = { a: { N: '1' }, l: { L: [{ S: 'x' }] }, m: { M: {} }, tags: { SS: ['drop', 'keep'] } };
    await put({ ...key('update'), ...base });
    const values = { ':n': { N: '5' }, ':zero': { N: '0' }, ':l': { L: [{ S: 'y' }] }, ':tag': { SS: ['drop'] } };
    const used = Object.entries(values).filter(([name]) => new RegExp(`${name}\\b`).test(expression));
    const answer = await db.client.send(
      new UpdateItemCommand({
        TableName: db.table,
        Key: key('update'),
        UpdateExpression: expression,
        ExpressionAttributeValues: Object.fromEntries(used),
        ReturnValues: 'ALL_NEW',
      }),
    );
    expect(answer.Attributes).toEqual({ ...key('update'), ...base, ...expected });
    expect(await get('update')).toEqual(answer.Attributes);
  });

  test('a delete gives back what it deleted, and nothing the second time', async () => {
    await put({ ...key('gone'), v: { N: '1' } });
    const input = { TableName: db.table, Key: key('gone'), ReturnValues: 'ALL_OLD' } as const;
    expect((await db.client.send(new DeleteItemCommand(input))).Attributes).toMatchObject({ v: { N: '1' } });
    expect((await db.client.send(new DeleteItemCommand(input))).Attributes).toBeUndefined();
  });
});

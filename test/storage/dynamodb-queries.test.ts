import {
  type AttributeValue,
  DeleteItemCommand,
  paginateQuery,
  QueryCommand,
  type QueryCommandInput,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { beforeAll, describe, expect, test } from 'vitest';
import { indexes, itemAttributes, projectedAttributes } from '#shared/facts/table.ts';
import { db, type Item, key, put, setUpItems } from '#test/support/dynamodb-items.ts';

setUpItems();

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

import { BatchGetItemCommand, BatchWriteItemCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, test } from 'vitest';
import { db, key, put, setUpItems } from '#test/support/dynamodb-items.ts';

setUpItems();

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

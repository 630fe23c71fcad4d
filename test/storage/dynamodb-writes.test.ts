import { DeleteItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, test } from 'vitest';
import { db, get, key, outcome, put, setUpItems } from '#test/support/dynamodb-items.ts';

setUpItems();

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

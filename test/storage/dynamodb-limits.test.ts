import { type AttributeValue, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, test } from 'vitest';
import { db, get, key, outcome, put, setUpItems } from '#test/support/dynamodb-items.ts';

setUpItems();

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

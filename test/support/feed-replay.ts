import { createHash } from 'node:crypto';
import { type AttributeValue, type DynamoDBClient, paginateQuery, paginateScan } from '@aws-sdk/client-dynamodb';
import { expect } from 'vitest';
import type { ChangeFeed } from '#infra/local/dynamodb/change-feed.ts';
import type { StreamRecord } from '#infra/local/dynamodb/stream-record.ts';

/** An item as a line of JSON with its attributes in order, so that items compare as texts; long bytes as their hash. */
export function itemText(item: object): string {
  return JSON.stringify(item, (_key, value: unknown) => {
    if (value instanceof Uint8Array) return shortened(Buffer.from(value).toString('base64'));
    if (typeof value === 'string') return shortened(value);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
    return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}

function shortened(text: string): string {
  return text.length < 100 ? text : createHash('md5').update(text).digest('hex');
}

export async function readWholeFeed(feed: ChangeFeed, table: string): Promise<StreamRecord[]> {
  const records: StreamRecord[] = [];
  for (;;) {
    const page = await feed.read(table, records.at(-1)?.dynamodb.SequenceNumber ?? '', 500);
    if (page.length === 0) return records;
    records.push(...page);
  }
}

/** The items that a stream's entries make, by their keys. Every entry must start from what the one before it left. */
export function replay(records: readonly StreamRecord[]): Map<string, string> {
  const items = new Map<string, string>();
  for (const { eventName, dynamodb } of records) {
    const key = itemText(dynamodb.Keys);
    const before = dynamodb.OldImage && itemText(dynamodb.OldImage);
    const after = dynamodb.NewImage && itemText(dynamodb.NewImage);
    expect(items.get(key)).toBe(before);
    expect(after).not.toBe(before);
    expect(eventName).toBe(before === undefined ? 'INSERT' : after === undefined ? 'REMOVE' : 'MODIFY');
    if (after === undefined) items.delete(key);
    else items.set(key, after);
  }
  return items;
}

export async function scanAll(
  client: DynamoDBClient,
  table: string,
  index?: string,
): Promise<Record<string, AttributeValue>[]> {
  const items: Record<string, AttributeValue>[] = [];
  for await (const page of paginateScan({ client }, { TableName: table, IndexName: index })) {
    items.push(...(page.Items ?? []));
  }
  return items;
}

/** All rows of one partition of an index, in order. */
export async function queryAll(
  client: DynamoDBClient,
  table: string,
  index: { name: string; partition: string },
  partition: string,
): Promise<Record<string, AttributeValue>[]> {
  const items: Record<string, AttributeValue>[] = [];
  const input = {
    TableName: table,
    IndexName: index.name,
    KeyConditionExpression: '#p = :p',
    ExpressionAttributeNames: { '#p': index.partition },
    ExpressionAttributeValues: { ':p': { S: partition } },
  };
  for await (const page of paginateQuery({ client }, input)) items.push(...(page.Items ?? []));
  return items;
}

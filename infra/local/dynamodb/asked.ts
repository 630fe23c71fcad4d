import type { Ask } from '../access/grants.ts';
import { memberText } from '../aws-json.ts';
import { tableArn } from '../template/arns.ts';
import { apiError } from './api-error.ts';
import type { Database } from './database.ts';
import type { Table } from './dynalite.ts';
import { attributesOfUpdate } from './named-attributes.ts';
import { partitionOfQuery } from './query-partition.ts';
import { prefixes } from './rows.ts';
import type { Input } from './run-dynalite.ts';

/** Where each operation names items: one, or many of several tables. */
const itemIn: Readonly<Record<string, string>> = {
  GetItem: 'Key',
  DeleteItem: 'Key',
  UpdateItem: 'Key',
  PutItem: 'Item',
};

/** The rights that an operation takes: on the table, or on the index that it reads, with the partitions that it is about. */
export async function askedOfDynamodb(database: Database, operation: string, input: Input): Promise<Ask[]> {
  const action = `dynamodb:${operation}`;
  if (operation.startsWith('Batch')) {
    const tables = Object.entries(recordOf(input['RequestItems']));
    return Promise.all(
      tables.map(async ([table, asked]) => ({ action, ...(await onItems(database, table, keysOf(asked))) })),
    );
  }
  const table = memberText(input, 'TableName');
  const member = itemIn[operation];
  if (member !== undefined) {
    const { resource, context } = await onItems(database, table, [input[member]]);
    const attributes = operation === 'UpdateItem' ? attributesOfUpdate(input) : Object.keys(recordOf(input[member]));
    return [{ action, resource, context: { ...context, 'dynamodb:Attributes': attributes } }];
  }
  if (operation === 'Query') return [{ action, ...(await onPartitionOf(database, table, input)) }];
  const index = memberText(input, 'IndexName');
  return [{ action, resource: index === '' ? tableArn(table) : indexArn(table, index) }];
}

const indexArn = (table: string, index: string): string => `${tableArn(table)}/index/${index}`;

async function onItems(database: Database, name: string, items: readonly unknown[]): Promise<Omit<Ask, 'action'>> {
  const partition = partitionOf(await tableOf(database, name));
  const values = items.map((item) => textOf(recordOf(item)[partition]));
  return { resource: tableArn(name), context: { 'dynamodb:LeadingKeys': [...new Set(values)] } };
}

async function onPartitionOf(database: Database, name: string, input: Input): Promise<Omit<Ask, 'action'>> {
  const table = await tableOf(database, name);
  const index = memberText(input, 'IndexName');
  const keys = index === '' ? table : table.GlobalSecondaryIndexes?.find(({ IndexName }) => IndexName === index);
  const value = textOf(partitionOfQuery(partitionOf(keys), input));
  return {
    resource: index === '' ? tableArn(name) : indexArn(name, index),
    context: { 'dynamodb:LeadingKeys': [value] },
  };
}

/** Keys of a BatchGetItem, keys and items of a BatchWriteItem. */
function keysOf(asked: unknown): unknown[] {
  if (!Array.isArray(asked)) return list(recordOf(asked)['Keys']);
  return asked.map((write) => {
    const { PutRequest, DeleteRequest } = recordOf(write);
    return recordOf(PutRequest)['Item'] ?? recordOf(DeleteRequest)['Key'];
  });
}

async function tableOf({ root }: Database, name: string): Promise<Table> {
  const table = await root.get<Table>(prefixes.table + name);
  if (table) return table;
  const type = 'com.amazonaws.dynamodb.v20120810#ResourceNotFoundException';
  throw apiError(type, `Requested resource not found: Table: ${name} not found`);
}

const partitionOf = (keys: { KeySchema: { AttributeName: string }[] } | undefined): string =>
  keys?.KeySchema[0]?.AttributeName ?? '';

/** The value of a key attribute, which is a text, a number or bytes. */
function textOf(value: unknown): string {
  const [text] = Object.values(recordOf(value));
  if (typeof text === 'string') return text;
  throw apiError('com.amazon.coral.validate#ValidationException', 'The provided key element does not match the schema');
}

const recordOf = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {};

const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

import { apiError } from './api-error.ts';
import type { Database } from './database.ts';
import { loadOperation } from './dynalite.ts';
import { batchGetItem, writeOne } from './item-operations.ts';
import { check, type Handler, type Input, newState, run } from './run-dynalite.ts';
import { createTable, deleteTable, describeTimeToLive, updateTable, updateTimeToLive } from './table-operations.ts';

const asInDynalite = [
  'BatchWriteItem',
  'DescribeTable',
  'GetItem',
  'ListTables',
  'ListTagsOfResource',
  'Query',
  'Scan',
  'TagResource',
  'UntagResource',
];

const handlers: ReadonlyMap<string, Handler> = new Map<string, Handler>([
  ...asInDynalite.map((name): [string, Handler] => [name, passOn(name)]),
  ['PutItem', writeOne('putItem')],
  ['UpdateItem', writeOne('updateItem')],
  ['DeleteItem', writeOne('deleteItem')],
  ['BatchGetItem', batchGetItem()],
  ['CreateTable', createTable()],
  ['UpdateTable', updateTable()],
  ['DeleteTable', deleteTable()],
  ['DescribeTimeToLive', describeTimeToLive()],
  ['UpdateTimeToLive', updateTimeToLive],
]);

/** Runs one operation by its wire name. Rejects with an `ApiError` where the caller is to be told. */
export async function runOperation(database: Database, name: string, input: Input): Promise<object> {
  const handler = handlers.get(name);
  if (handler !== undefined) return await handler(database, input);
  const type = 'com.amazon.coral.service#UnknownOperationException';
  throw apiError(type, `${name} is not supported by the embedded DynamoDB`);
}

function passOn(name: string): Handler {
  // dynalite's files are named as the operation, with a small first letter
  const operation = loadOperation(name.charAt(0).toLowerCase() + name.slice(1));
  return async (database, input) => await run(database, operation, check(database, operation, input), newState());
}

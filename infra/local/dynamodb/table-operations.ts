import { apiError } from './api-error.ts';
import type { Database } from './database.ts';
import { dynaliteDb, loadOperation, type Table } from './dynalite.ts';
import { clearTable, prefixes } from './rows.ts';
import { check, type Handler, type Input, newState, run } from './run-dynalite.ts';
import { setTimeToLive, timeToLiveSpecification } from './time-to-live.ts';

/** A stream is named by the moment when it was switched on. */
export function createTable(): Handler {
  const operation = loadOperation('createTable');
  return (database, input) => {
    const { StreamSpecification: stream, TableName: table } = input;
    const { awsRegion, awsAccountId } = database.store.tableDb;
    const label = new Date(database.now()).toISOString().slice(0, -1);
    const arn = `arn:aws:dynamodb:${awsRegion}:${awsAccountId}:table/${String(table)}/stream/${label}`;
    const withStream = hasStream(stream) && {
      StreamSpecification: stream,
      LatestStreamLabel: label,
      LatestStreamArn: arn,
    };
    return run(database, operation, { ...check(database, operation, input), ...withStream }, newState());
  };
}

function hasStream(stream: unknown): boolean {
  if (typeof stream !== 'object' || stream === null) return false;
  const { StreamEnabled: enabled, StreamViewType: view } = Object.fromEntries(Object.entries(stream));
  if (enabled !== true) return false;
  if (['KEYS_ONLY', 'NEW_IMAGE', 'OLD_IMAGE', 'NEW_AND_OLD_IMAGES'].includes(view)) return true;
  throw dynaliteDb.validationError('StreamViewType is missing or unknown');
}

export function updateTable(): Handler {
  const operation = loadOperation('updateTable');
  return async (database, input) => {
    if (input['StreamSpecification'] !== undefined) {
      throw dynaliteDb.validationError('the embedded DynamoDB sets a stream only when the table is created');
    }
    return await run(database, operation, check(database, operation, input), newState());
  };
}

export function deleteTable(): Handler {
  const operation = loadOperation('deleteTable');
  return async (database, input) => {
    const data = check(database, operation, input);
    const table = String(data['TableName']);
    const result = await run(database, operation, data, newState());
    await clearTable(database.root, table);
    database.timeToLive.delete(table);
    await database.root.batch([{ type: 'del', key: prefixes.timeToLive + table }]);
    return result;
  };
}

export function describeTimeToLive(): Handler {
  const operation = loadOperation('describeTimeToLive');
  return async (database, input) => {
    const data = check(database, operation, input);
    const result = await run(database, operation, data, newState());
    const attribute = database.timeToLive.get(String(data['TableName']));
    if (attribute === undefined) return result;
    return { TimeToLiveDescription: { TimeToLiveStatus: 'ENABLED', AttributeName: attribute } };
  };
}

export async function updateTimeToLive(database: Database, input: Input): Promise<object> {
  const { TableName: tableName, TimeToLiveSpecification: specification } = input;
  const { attribute, enabled } = timeToLiveSpecification(specification);
  const table = await database.root.get<Table>(prefixes.table + String(tableName));
  if (table === undefined) {
    throw apiError(
      'com.amazonaws.dynamodb.v20120810#ResourceNotFoundException',
      `Requested resource not found: Table: ${String(tableName)} not found`,
    );
  }
  const current = database.timeToLive.get(table.TableName);
  if (enabled === (current !== undefined)) {
    throw dynaliteDb.validationError(`TimeToLive is already ${enabled ? 'enabled' : 'disabled'}`);
  }
  await setTimeToLive(database, table.TableName, enabled ? attribute : null);
  return { TimeToLiveSpecification: { AttributeName: attribute, Enabled: enabled } };
}

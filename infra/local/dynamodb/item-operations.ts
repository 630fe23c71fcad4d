import { apiError, isApiError } from './api-error.ts';
import { dynaliteDb, loadOperation } from './dynalite.ts';
import { check, type Handler, newState, run } from './run-dynalite.ts';

/** dynalite does not know ReturnValuesOnConditionCheckFailure: the item read under the lock is added here. */
export function writeOne(fileName: string): Handler {
  const operation = loadOperation(fileName);
  return async (database, input) => {
    const wanted = input['ReturnValuesOnConditionCheckFailure'] ?? 'NONE';
    if (wanted !== 'ALL_OLD' && wanted !== 'NONE') {
      throw dynaliteDb.validationError('ReturnValuesOnConditionCheckFailure can only be ALL_OLD or NONE');
    }
    const state = newState();
    try {
      return await run(database, operation, check(database, operation, input), state);
    } catch (error) {
      const [item] = state.items.values();
      if (wanted === 'ALL_OLD' && item && isApiError(error) && isConditionFailure(error.body)) {
        throw apiError(error.body.__type, error.body.message ?? '', { Item: item });
      }
      throw error;
    }
  };
}

/**
 * dynalite ends an answer at 1 MB and an item, DynamoDB at 16 MB (counted before projection, here after it). What is
 * left over goes back with its projection, so that it can be sent again as it is.
 */
export function batchGetItem(): Handler {
  const operation = loadOperation('batchGetItem');
  const maxItemSize = 15 * 1024 * 1024;
  return async (database, input) => {
    const requests = new Map(Object.entries(input['RequestItems'] ?? {}));
    const larger = { ...database, store: { ...database.store, options: { ...database.store.options, maxItemSize } } };
    const result = await run(larger, operation, check(database, operation, input), newState());
    const left: [string, object][] = 'UnprocessedKeys' in result ? Object.entries(result.UnprocessedKeys ?? {}) : [];
    const again = left.map(([table, keys]) => [table, { ...requests.get(table), ...keys }]);
    return { ...result, UnprocessedKeys: Object.fromEntries(again) };
  };
}

function isConditionFailure(body: { __type: string }): boolean {
  return body.__type.endsWith('#ConditionalCheckFailedException');
}

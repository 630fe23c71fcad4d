import type { Database } from './database.ts';
import { type Operation, validations } from './dynalite.ts';
import { type RequestState, requestStore } from './request-store.ts';

export type Input = Record<string, unknown>;
export type Handler = (database: Database, input: Input) => Promise<object>;

/** The input with what the operation knows, checked. Throws an `ApiError`. */
export function check(database: Database, operation: Operation, input: Input): Input {
  const data = validations.checkTypes(input, operation.types);
  validations.checkValidations(data, operation.types, operation.custom, database.store);
  return data;
}

/** Runs an operation on checked input; `state` then holds what it has read. */
export function run(database: Database, operation: Operation, data: object, state: RequestState): Promise<object> {
  const { promise, resolve, reject } = Promise.withResolvers<object>();
  state.fail = reject;
  operation.run(requestStore(database, state), data, (error, result) => {
    if (error) reject(error);
    else resolve(result ?? {});
  });
  return promise;
}

export function newState(): RequestState {
  return { items: new Map(), tables: new Map(), fail: () => {} };
}

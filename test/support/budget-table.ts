import { afterAll, beforeAll } from 'vitest';
import { documentsOver, type Store } from '#shared/storage/document-client.ts';
import { type TestDynamodb, testDynamodb } from './dynamodb.ts';

/** A table for the tests of budgets, with a group of its own for each of them, and a minute to count in. */

let db: TestDynamodb;
export let store: Pick<Store, 'documents' | 'table'>;
/** To be called once by a test file: opens all this before its tests and closes it behind them. */
export function setUpBudgetTable(): void {
  beforeAll(async () => {
    db = await testDynamodb();
    store = { documents: documentsOver(db.client), table: db.table };
  });
  afterAll(() => db.close());
}

let groups = 0;
export const newGroup = (): string => `group-${++groups}`;

/** its index since 1970, as budgets count */
export const minute = 29_000_000;
export const at = (seconds: number): number => minute * 60_000 + seconds * 1_000;

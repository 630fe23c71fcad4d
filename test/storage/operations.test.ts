import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LeaseLost } from '#shared/domain/errors.ts';
import { newOperation, type OperationKind } from '#shared/domain/operation.ts';
import { documentsOver } from '#shared/storage/document-client.ts';
import {
  claimOperation,
  endOperation,
  type OperationLease,
  releaseOperation,
  saveOperation,
} from '#shared/storage/operation-lease.ts';
import { cancelOperation, getOperation, listOperations, putOperation, type Table } from '#shared/storage/operations.ts';
import { type TestDynamodb, testDynamodb } from '#test/support/dynamodb.ts';
import { epoch } from '#test/support/records.ts';

let database: TestDynamodb;
let store: Table;
beforeAll(async () => {
  database = await testDynamodb();
  store = { documents: documentsOver(database.client), table: database.table };
});
afterAll(() => database.close());

const queued = async (id: string, kind: OperationKind = 'replays', request: object = { from: 'a' }) => {
  const operation = newOperation(kind, id, request, epoch);
  await putOperation(store, operation);
  return operation;
};
const lease = (id: string, holder: string): OperationLease => ({ kind: 'replays', id, holder });
const claim = (id: string, holder: string, now = epoch) => claimOperation(store, lease(id, holder), now, 60_000);
const stateOf = async (id: string) => (await getOperation(store, { kind: 'replays', id }))?.state;
const step = (done: number) => ({ progress: { done, total: 9 }, estimateSeconds: 5, place: { at: done } });
const done = { state: 'done', progress: { done: 9, total: 9 }, result: { events: 9 } } as const;

describe('operations at rest', () => {
  it('are stored once, as they were asked for', async () => {
    const operation = await queued('once', 'replays', { ids: ['a'], connection: 'c' });
    expect(await putOperation(store, { ...operation, request: 'other' })).toBe(false);
    expect(await getOperation(store, operation)).toEqual(operation);
    expect(await getOperation(store, { kind: 'redrives', id: 'once' })).toBeNull();
  });

  it('are listed by kind, newest first, page by page', async () => {
    for (const id of ['3', '1', '5', '2', '4']) await queued(id, 'backfills');
    const seen: string[] = [];
    let after: string | null = null;
    do {
      const page: Awaited<ReturnType<typeof listOperations>> = await listOperations(store, 'backfills', {
        after,
        limit: 2,
      });
      seen.push(...page.operations.map(({ id }) => id));
      after = page.next;
    } while (after !== null);
    expect(seen).toEqual(['5', '4', '3', '2', '1']);
  });
});

describe('the lease of an operation', () => {
  it('is one of many runs, and shows it running', async () => {
    await queued('race');
    const claimed = await Promise.all(Array.from({ length: 5 }, (_, i) => claim('race', `run-${i}`)));
    expect(claimed.filter((one) => one === 'held')).toHaveLength(4);
    expect(claimed.find((one) => typeof one !== 'string')).toMatchObject({
      operation: { state: 'running' },
      place: null,
    });
  });

  it('goes on from the saved place when it has run out, and the first run writes nothing any more', async () => {
    await queued('zombie');
    await claim('zombie', 'first');
    await saveOperation(store, lease('zombie', 'first'), step(3), epoch + 60_000);
    expect(await claim('zombie', 'second', epoch + 59_999)).toBe('held');
    expect(await claim('zombie', 'second', epoch + 60_000)).toMatchObject({
      operation: { progress: { done: 3, total: 9 }, estimateSeconds: 5 },
      place: { at: 3 },
    });
    const late = lease('zombie', 'first');
    await expect(saveOperation(store, late, step(4), epoch + 99_000)).rejects.toThrow(LeaseLost);
    await expect(endOperation(store, late, done)).rejects.toThrow(LeaseLost);
    await expect(releaseOperation(store, late)).rejects.toThrow(LeaseLost);
    expect(await getOperation(store, late)).toMatchObject({ state: 'running', progress: { done: 3 } });
  });

  it('is still its own for a run whose answer was lost', async () => {
    await queued('again');
    await claim('again', 'run');
    expect(await claim('again', 'run')).toMatchObject({ operation: { state: 'running' } });
  });

  it('given back is free at once, with why the run failed until the next one gets on', async () => {
    await queued('failed');
    await claim('failed', 'first');
    const error = { code: 'X', message: 'y' };
    await releaseOperation(store, lease('failed', 'first'), error);
    expect(await claim('failed', 'second')).toMatchObject({ operation: { state: 'running', error } });
    await saveOperation(store, lease('failed', 'second'), step(1), epoch + 60_000);
    expect(await getOperation(store, lease('failed', ''))).toMatchObject({ error: null });
  });
});

describe('the end of an operation', () => {
  it('is for good', async () => {
    await queued('done');
    await claim('done', 'run');
    await endOperation(store, lease('done', 'run'), done);
    const ended = await getOperation(store, lease('done', ''));
    expect(ended).toMatchObject({ ...done, estimateSeconds: null, error: null });
    expect(await claim('done', 'other', epoch + 99_000)).toBe('ended');
    expect(await cancelOperation(store, lease('done', ''))).toEqual(ended);
    expect(await claim('unknown', 'other')).toBe('ended');
  });

  it('by cancelling holds against the run at work, queued or running', async () => {
    await queued('waits');
    expect(await cancelOperation(store, lease('waits', ''))).toMatchObject({ state: 'cancelled' });
    expect(await claim('waits', 'run')).toBe('ended');
    await queued('runs');
    await claim('runs', 'run');
    await cancelOperation(store, lease('runs', ''));
    await expect(saveOperation(store, lease('runs', 'run'), step(1), epoch + 60_000)).rejects.toThrow(LeaseLost);
    await expect(endOperation(store, lease('runs', 'run'), done)).rejects.toThrow(LeaseLost);
    expect(await stateOf('runs')).toBe('cancelled');
    expect(await cancelOperation(store, lease('nothing', ''))).toBeNull();
    expect(await getOperation(store, lease('nothing', ''))).toBeNull();
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunContext, runOperation } from '#functions/operate/run-operation.ts';
import type { Runner } from '#functions/operate/runner.ts';
import { ConfigInvalid } from '#shared/domain/errors.ts';
import { newOperation } from '#shared/domain/operation.ts';
import { documentsOver } from '#shared/storage/document-client.ts';
import { getOperation, putOperation, type Table } from '#shared/storage/operations.ts';
import { type TestDynamodb, testDynamodb } from '#test/support/dynamodb.ts';
import { epoch } from '#test/support/records.ts';

let database: TestDynamodb;
let store: Table;
beforeAll(async () => {
  database = await testDynamodb();
  store = { documents: documentsOver(database.client), table: database.table };
});
afterAll(() => database.close());

/** Counts to five, a second a step. */
const clock = { now: epoch };
const counting: Runner = async function* ({ place }) {
  let done = typeof place === 'number' ? place : 0;
  while (done < 5) {
    done += 1;
    clock.now += 1_000;
    yield { progress: { done, total: 5 }, estimateSeconds: 5 - done, place: done };
  }
  return { progress: { done, total: done }, result: { events: done } };
};

let runs = 0;
async function start(id: string, runner: Runner | null = counting, more: Partial<RunContext> = {}) {
  const job = { kind: 'backfills', id } as const;
  await putOperation(store, newOperation('backfills', id, {}, epoch));
  const runners = runner ? { backfills: runner } : {};
  const run = () =>
    runOperation({ store, runners, now: () => clock.now, isTimeUp: () => false, holder: `h${++runs}`, ...more }, job);
  return { run, read: () => getOperation(store, job) };
}

describe('a run of an operation', () => {
  it('works to the end', async () => {
    const { run, read } = await start('whole');
    expect(await run()).toBe('done');
    expect(await read()).toMatchObject({ state: 'done', progress: { done: 5, total: 5 }, result: { events: 5 } });
    expect(await run()).toBe('ended');
  });

  it('shows at once how much there is to do', async () => {
    let shown: unknown;
    const { run, read } = await start('shown', async function* (task) {
      yield { progress: { done: 0, total: 5 }, estimateSeconds: 5, place: 0 };
      shown = await read();
      return yield* counting(task);
    });
    expect(await run()).toBe('done');
    expect(shown).toMatchObject({ state: 'running', progress: { done: 0, total: 5 }, estimateSeconds: 5 });
  });

  it('saves its place when the time is up, gives the lease back, and the next one goes on', async () => {
    const { run, read } = await start('short', counting, { isTimeUp: () => true });
    expect(await run()).toBe('timeUp');
    expect(await read()).toMatchObject({ state: 'running', progress: { done: 1, total: 5 }, estimateSeconds: 4 });
    const ends = [await run(), await run(), await run(), await run(), await run()];
    expect(ends).toEqual(['timeUp', 'timeUp', 'timeUp', 'timeUp', 'done']);
  });

  it('fails for good where nothing can be done, and says why', async () => {
    const unknown = await start('unknown', null);
    expect(await unknown.run()).toBe('failed');
    const error = { code: 'ConfigInvalid', message: 'nothing works on backfills' };
    expect(await unknown.read()).toMatchObject({ state: 'failed', error, result: null });
    const invalid = await start('invalid', () => {
      throw new ConfigInvalid(['wrong']);
    });
    expect(await invalid.run()).toBe('failed');
    expect(await invalid.run()).toBe('ended');
  });

  it('says what hinders it and nothing of the error, and is free for the next try at once', async () => {
    let isBroken = true;
    const { run, read } = await start('broken', async function* (task) {
      if (isBroken) throw new TypeError('PRIVATE');
      return yield* counting(task);
    });
    await expect(run()).rejects.toThrow('PRIVATE');
    const error = { code: 'TypeError', message: 'It failed on our side.' };
    expect(await read()).toMatchObject({ state: 'running', error });
    isBroken = false;
    expect(await run()).toBe('done');
    expect(await read()).toMatchObject({ state: 'done', error: null });
  });

  it('lets a step be tidied up that is stopped', async () => {
    let tidied = 0;
    const { run } = await start(
      'tidy',
      async function* (task) {
        try {
          return yield* counting(task);
        } finally {
          tidied += 1;
        }
      },
      { isTimeUp: () => true },
    );
    expect([await run(), tidied]).toEqual(['timeUp', 1]);
  });
});

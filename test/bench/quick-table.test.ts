import { afterAll, beforeAll, expect, it } from 'vitest';
import { firstCheckpoint } from '#shared/domain/checkpoint.ts';
import { blockBudget, raiseUsed, readBudget, reserve } from '#shared/storage/budget.ts';
import { putVersion, readHeads } from '#shared/storage/conversations.ts';
import type { Store } from '#shared/storage/document-client.ts';
import { listOpen } from '#shared/storage/due.ts';
import { listStreams, releaseLease, renewLease, saveCheckpoint, takeLease } from '#shared/storage/streams.ts';
import { epoch, recordOf } from '#test/support/records.ts';
import { type TestStore, testStore } from '#test/support/store.ts';
import { holds } from './expressions.ts';
import { quickStore } from './quick-table.ts';

let embedded: TestStore;
beforeAll(async () => {
  embedded = await testStore();
});
afterAll(() => embedded.close());

const settled = (promise: Promise<unknown>): Promise<unknown> =>
  promise.catch((error: unknown) => (error instanceof Error ? error.name : error));

/** What a run asks of the store, in every way that may be refused. */
async function use(store: Store): Promise<unknown[]> {
  const name = { connection: 'support', stream: 'records', provider: 'talkdesk' };
  const taken = await takeLease(store, name, epoch, 20_000);
  if (!taken) throw new Error('no lease');
  const { lease } = taken;
  const checkpoint = firstCheckpoint(epoch, 86_400_000, { lookbackMs: 60_000, maxWindowMs: 86_400_000 });
  const claim = { limits: { perMinute: 20, perHour: 30 }, lane: 'live' as const, need: 1, want: 8, least: {} };
  const record = recordOf('r1');
  const { uuid } = record.conversation;
  const take = (at: number): Promise<unknown> => settled(reserve(store, 'g', claim, null, at));
  const heads = async (): Promise<unknown> =>
    [...(await readHeads(store, [uuid, 'nobody'])).values()].map(({ conversation, hash }) => [conversation, [...hash]]);
  return [
    taken,
    await takeLease(store, name, epoch + 1, 20_000),
    await settled(saveCheckpoint(store, lease, checkpoint, epoch + 30_000)),
    await settled(renewLease(store, { ...lease, fence: 7 }, epoch + 40_000)),
    await settled(releaseLease(store, lease, { lastSuccessAt: epoch })),
    await listStreams(store),
    await heads(),
    await putVersion(store, record, 0),
    await putVersion(store, record, 0),
    await heads(),
    await listOpen(store, 'support', epoch - 1, epoch),
    await listOpen(store, 'support', epoch, epoch + 1),
    await take(epoch),
    await take(epoch + 60_000),
    await raiseUsed(store, 'g', 'minute', Math.floor(epoch / 60_000) + 1, 15),
    await take(epoch + 61_000),
    await blockBudget(store, 'g', epoch + 90_000, epoch + 61_000, { index: 3, limit: 7.5 }),
    await blockBudget(store, 'g', epoch + 80_000, epoch + 61_000, { index: 4, limit: null }),
    await readBudget(store, 'g'),
    await take(epoch + 62_000),
    await blockBudget(store, 'g', epoch + 99_000, epoch + 61_000, { index: 5, limit: null }),
    await readBudget(store, 'g'),
  ];
}

it('does what the embedded DynamoDB does', async () => {
  expect(await use(quickStore())).toEqual(await use(embedded.store));
});

it.each<[string, boolean]>([
  ['a = :one AND (b > :one OR attribute_not_exists(c))', true],
  ['a = :one AND b > :one', false],
  ['b > :one OR a <= :one AND NOT_KNOWN = :one', false],
  ['b < :one OR a BETWEEN :zero AND :one', true],
  ['missing <= :one', false],
])('%s is %s', (expression, expected) => {
  expect(holds(expression, { a: 1, b: 'text' }, undefined, { ':zero': 0, ':one': 1 })).toBe(expected);
});

import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatInstant } from '#shared/domain/instant.ts';
import { type ConversationItem, packConversation } from '#shared/storage/conversation-item.ts';
import { indexModel } from '#test/support/index-model.ts';
import { epoch, recordOf } from '#test/support/records.ts';
import { lookupOver, settleMs } from './lookup-harness.ts';

/**
 * Who polls `updatedSince` ascending with the last stamp seen misses nothing, although the index lags behind the table
 * and the writers' clocks differ. The index is modelled: each write has an instant at which the index shows it.
 */

type Write = { uuid: string; item: ConversationItem; shownAt: number };
type Plan = {
  writes: { conversation: number; writer: number; waitMs: number; putMs: number; lagMs: number }[];
  skews: readonly number[];
  polls: readonly number[];
  limit: number;
};

/** Skew, put and lag together stay below the settle time: that is what the settle time is for. */
const slowest = { skewMs: 3_000, putMs: 3_000, lagMs: 3_900 };

const plans: fc.Arbitrary<Plan> = fc.record({
  writes: fc.array(
    fc.record({
      conversation: fc.nat(7),
      writer: fc.nat(2),
      waitMs: fc.nat(1_500),
      putMs: fc.nat(slowest.putMs),
      lagMs: fc.nat(slowest.lagMs),
    }),
    { minLength: 5, maxLength: 40 },
  ),
  skews: fc.array(fc.integer({ min: -slowest.skewMs, max: slowest.skewMs }), { minLength: 3, maxLength: 3 }),
  polls: fc.array(fc.integer({ min: 100, max: 4_000 }), { minLength: 10, maxLength: 10 }),
  limit: fc.constantFrom(1, 2, 100),
});

/** The writes as they land: stamped by the writer's clock, but always behind the version they replace. */
function land({ writes, skews }: Plan): Write[] {
  const landed: Write[] = [];
  const stamps = new Map<number, number>();
  const versions = new Map<number, number>();
  const free = new Map<number, number>();
  let now = epoch;
  for (const write of writes) {
    now = Math.max(now + write.waitMs, free.get(write.conversation) ?? 0);
    const stamp = Math.max(now + (skews[write.writer] ?? 0), (stamps.get(write.conversation) ?? 0) + 1);
    const version = (versions.get(write.conversation) ?? 0) + 1;
    stamps.set(write.conversation, stamp);
    versions.set(write.conversation, version);
    // The put's own condition: a writer works on the version that has landed, so versions of one record never overlap.
    free.set(write.conversation, now + write.putMs);
    const { conversation } = recordOf(`c${write.conversation}`, {}, epoch, 'support');
    const record = { conversation: { ...conversation, version, updatedAt: formatInstant(stamp) }, transcript: null };
    const item = packConversation(record, Buffer.alloc(16), null);
    landed.push({ uuid: conversation.uuid, item, shownAt: now + write.putMs + write.lagMs });
  }
  return landed;
}

/** The index at the clock's time: of each conversation the newest version that it shows by then. */
function* shownBy(writes: readonly Write[], now: number): Iterable<ConversationItem> {
  const rows = new Map<string, Write>();
  for (const write of writes) if (write.shownAt <= now) rows.set(write.uuid, newer(rows.get(write.uuid), write));
  for (const { item } of rows.values()) yield item;
}

const newer = (a: Write | undefined, b: Write): Write => (a && Number(a.item['v']) > Number(b.item['v']) ? a : b);

/** Polls as a client would and says which last versions it never saw. */
async function missedBy(plan: Plan, settle: number): Promise<string[]> {
  const writes = land(plan);
  const clock = { now: epoch };
  const lookup = lookupOver(
    indexModel(() => shownBy(writes, clock.now)),
    clock,
    undefined,
    settle,
  );
  const seen = new Map<string, number>();
  let since: string | null = null;
  const end = Math.max(...writes.map(({ shownAt }) => shownAt)) + settle + slowest.skewMs + 1;
  for (let i = 0; clock.now < end; i += 1) {
    clock.now = Math.min(end, clock.now + (plan.polls[i % plan.polls.length] ?? 1));
    const query = `connection=support&sort=updatedAt&order=asc&limit=${plan.limit}${since === null ? '' : `&updatedSince=${since}`}`;
    let cursor: string | null = null;
    do {
      const answer = await lookup.get(
        `/v1/conversations?${query}${cursor === null ? '' : `&cursor=${cursor}`}`,
        'token.with.dots',
      );
      const page = answer.json();
      for (const { uuid, version, updatedAt } of page.conversations) {
        seen.set(uuid, Math.max(version, seen.get(uuid) ?? 0));
        since = updatedAt;
      }
      cursor = page.nextCursor;
    } while (cursor !== null);
  }
  const last = new Map(writes.map(({ uuid, item }) => [uuid, Number(item['v'])]));
  return [...last].filter(([uuid, version]) => seen.get(uuid) !== version).map(([uuid]) => uuid);
}

test('polling updatedSince with the last stamp seen misses nothing', async () => {
  await fc.assert(
    fc.asyncProperty(plans, async (plan) => {
      expect(await missedBy(plan, settleMs)).toEqual([]);
    }),
    { numRuns: 60, seed: 5 },
  );
}, 60_000);

test('the model would show a miss: without the settle time it does', async () => {
  const samples = fc.sample(plans, { numRuns: 30, seed: 5 });
  const missed = await Promise.all(samples.map((plan) => missedBy(plan, 0)));
  expect(missed.filter((uuids) => uuids.length > 0).length).toBeGreaterThan(0);
}, 60_000);

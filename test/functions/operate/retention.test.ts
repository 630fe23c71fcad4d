import { afterEach, beforeEach, expect, it } from 'vitest';
import { erasureRunner } from '#functions/operate/erasure.ts';
import { askForRetention } from '#functions/operate/retention.ts';
import { runOperation } from '#functions/operate/run-operation.ts';
import { connectionSchema } from '#shared/domain/connections.ts';
import { mediaObject } from '#shared/domain/media-copy.ts';
import { writeVersion } from '#shared/ingest/write-version.ts';
import { getKnown, getRecord } from '#shared/storage/conversations.ts';
import { holdConversation } from '#shared/storage/holds.ts';
import { listOperations } from '#shared/storage/operations.ts';
import { awaiting, epoch } from '#test/support/records.ts';
import { virtualClock } from '#test/support/virtual-clock.ts';
import { type ErasingWorld, openErasingWorld, traces } from './erasing-world.ts';

let world: ErasingWorld;
beforeEach(async () => {
  world = await openErasingWorld();
});
afterEach(() => world.opened.close());

const dayMs = 86_400_000;
const connectionOf = (more: object) =>
  connectionSchema.parse({ id: 'support', provider: 'talkdesk', credentials: { token: 't' }, ...more });

/** The job of a day so many days behind the conversations. */
async function daily(days: number, more: object) {
  const { store } = world.opened;
  const clock = virtualClock(epoch + days * dayMs);
  // Nobody publishes here: the run goes on when it has waited for long enough.
  await askForRetention(store, [connectionOf(more)], clock.now());
  await askForRetention(store, [connectionOf(more)], clock.now() + 1_000);
  const { operations } = await listOperations(store, 'erasures', { after: null, limit: 9 });
  const [operation] = operations.filter(({ state }) => state === 'queued');
  if (!operation) throw new TypeError('nothing was asked for');
  const writingOf = () => ({ slowPutMs: 5_000, expectation: awaiting() });
  const erasures = erasureRunner({ store, clock, deadLetters: world.dead, inboxes: [], waitSeconds: 1, writingOf });
  const context = { store, runners: { erasures }, now: clock.now, isTimeUp: () => false, holder: `day-${days}` };
  expect(await runOperation(context, operation)).toBe('done');
  return (await listOperations(store, 'erasures', { after: null, limit: 9 })).operations.find(
    ({ id }) => id === operation.id,
  );
}

it('is asked for once a day, and removes what is older than `retain` but for what is held', async () => {
  const { store } = world.opened;
  await holdConversation(store, world.stays, '2026-11-03T00:00:00.000Z');
  const early = await daily(20, { retain: '30d', retainRaw: '365d' });
  expect(early?.result).toMatchObject({ count: 0, held: [] });
  const late = await daily(40, { retain: '30d', retainRaw: '365d' });
  expect(late?.result).toMatchObject({ count: 1, held: ['support:bob-1'], erased: { conversations: 1, versions: 2 } });
  expect(await getKnown(store, world.gone)).toMatchObject({ end: 'expired' });
  expect(await getRecord(store, world.stays)).not.toBeNull();
  const left = [...(await world.texts())].filter(([name, text]) => traces.some((one) => (name + text).includes(one)));
  // What is quarantined without a conversation has no age of its own.
  expect(left.every(([name]) => name.includes('quarantine/'))).toBe(true);
});

it('removes files older than `retainMedia`, whose artifacts say so, and nothing of what is held', async () => {
  const { store } = world.opened;
  const context = { store, now: () => epoch, slowPutMs: 5_000, expectation: awaiting() };
  for (const uuid of [world.gone, world.stays]) {
    await writeVersion(context, uuid, true, (record) => {
      if (!record) return null;
      const file = { key: 'rec', kind: 'rec', contentType: 'audio/wav', bytes: 1, sha512: 'ab' };
      const media = [{ ...file, object: mediaObject(uuid, 'rec', 1) }];
      const artifacts = { ...record.conversation.artifacts, 'media:rec': { state: 'ready' as const, at: '' } };
      return { ...record, conversation: { ...record.conversation, media, artifacts } };
    });
  }
  await holdConversation(store, world.stays, '2026-11-03T00:00:00.000Z');
  const done = await daily(40, { retainMedia: '30d', retainRaw: '365d' });
  expect(done?.result).toMatchObject({ count: 0, erased: { media: 1 } });
  const known = await getRecord(store, world.gone);
  expect(known?.record.conversation.media).toEqual([]);
  expect(known?.record.conversation.artifacts['media:rec']).toMatchObject({ state: 'expired', reason: 'retention' });
  expect((await getRecord(store, world.stays))?.record.conversation.media).toHaveLength(1);
  const files = [...(await world.texts()).keys()].filter((name) => name.includes('/media/'));
  expect(files).toEqual([expect.stringContaining(world.stays)]);
});

it('removes raw answers older than `retainRaw` but for those of held conversations', async () => {
  const { store } = world.opened;
  await holdConversation(store, world.stays, '2026-11-03T00:00:00.000Z');
  const done = await daily(40, { retainRaw: '30d' });
  expect(done?.result).toMatchObject({ count: 0, erased: { rawAnswers: 2 } });
  const packs = [...(await world.texts())].filter(([name]) => name.includes('/raw/'));
  expect(packs.map(([, text]) => text.includes(world.stays))).toEqual([true]);
});

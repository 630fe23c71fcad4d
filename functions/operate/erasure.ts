import * as z from 'zod';
import { ConfigInvalid } from '#shared/domain/errors.ts';
import { hourOf } from '#shared/domain/ledger.ts';
import { type ErasureCounts, nothingErased, receiptOf, shownErasure } from '#shared/domain/operation-erasure.ts';
import type { Clock } from '#shared/http/clock.ts';
import type { WriteContext } from '#shared/ingest/write-version.ts';
import type { Store } from '#shared/storage/document-client.ts';
import { type ErasurePlan, getPlan, putPlan } from '#shared/storage/erasure-plan.ts';
import type { Bucket } from '#shared/storage/media-objects.ts';
import type { Saved } from '#shared/storage/operation-lease.ts';
import { removeFromPacks } from '#shared/storage/raw-packs.ts';
import { recomputeHour } from '#shared/storage/recompute-hour.ts';
import { endTombstone, type TombstoneEnd } from '#shared/storage/tombstones.ts';
import { type Buried, bury, clear } from './erase/bury.ts';
import { clearEvents, untilTold } from './erase/clear-events.ts';
import { clearBatches, clearInbox } from './erase/clear-letters.ts';
import { clearQuarantine } from './erase/clear-quarantine.ts';
import type { DeadInbox } from './erase/dead-inbox.ts';
import { conversationsBefore, expireMedia, expireRaw, type Retention } from './retention.ts';
import type { Finished, Runner, Task, Work } from './runner.ts';

export type ErasureContext = {
  store: Store;
  clock: Clock;
  /** where the failed batches of the table's readers lie */
  deadLetters: Bucket;
  inboxes: readonly DeadInbox[];
  /** how long an empty queue is listened to (seconds) */
  waitSeconds: number;
  /** how versions of a connection's conversations are written; null where there is no such connection (any more) */
  writingOf: (connection: string) => Pick<WriteContext, 'slowPutMs' | 'expectation'> | null;
};

type PlanRun = { operation: string; end: TombstoneEnd };

const placeSchema = z.object({
  /** what was removed beside the conversations themselves, which their tombstones count */
  quarantined: z.int(),
  events: z.int(),
  rawAnswers: z.int(),
  deadLetters: z.int(),
  held: z.array(z.string()),
});
type Place = z.infer<typeof placeSchema>;

const firstPlace: Place = { quarantined: 0, events: 0, rawAnswers: 0, deadLetters: 0, held: [] };

/** Erases what was found when it was asked for. What it has done it finds done when it comes again, so it may stop anywhere. */
export const erasureRunner =
  (context: ErasureContext): Runner =>
  (task) =>
    erase(context, task);

/** The plan is written behind the operation: how long it may take (milliseconds), and how often it is looked for. */
const planMs = 30_000;
const planPauseMs = 2_000;
const planless = 'what the erasure would reach is not written down (any more): ask for it again';

async function* erase(context: ErasureContext, { operation, place }: Task): Work {
  const { store, clock } = context;
  const { retention } = shownErasure.parse(operation.request);
  let plan = await getPlan(store, operation.id);
  while (!plan && !retention) {
    if (clock.now() > Date.parse(operation.createdAt) + planMs) throw new ConfigInvalid([planless]);
    await clock.sleep(planPauseMs);
    plan = await getPlan(store, operation.id);
  }
  const at: Place = place === null ? { ...firstPlace, held: [] } : placeSchema.parse(place);
  const run = { operation: operation.id, end: retention ? ('expired' as const) : ('erased' as const) };
  const counted = yield* erasePlan(context, run, plan ?? { ...emptyPlan, earlier: nothingErased }, at);
  if (!retention) return finished(counted, at.held, clock.now());
  const expired = yield* expire(context, { ...run, retention, plan }, { at, counted });
  const { progress, result } = finished(expired, at.held.slice(0, mostNamed), clock.now());
  return { progress, result };
}

const emptyPlan = { participant: null, connections: [], conversations: [], counted: null };

/** Held ones that the receipt of a retention names. */
const mostNamed = 100;

/** What has outlived its time, batch by batch; then files and raw answers. What is held is passed over. */
async function* expire(
  context: ErasureContext,
  { operation, end, retention, plan }: PlanRun & { retention: Retention; plan: ErasurePlan | null },
  { at, counted: first }: { at: Place; counted: ErasureCounts },
): AsyncGenerator<Saved, ErasureCounts, void> {
  const { store } = context;
  const passedOver = new Set(plan?.conversations);
  const held = [...at.held];
  let counted = first;
  const saved = (): Saved => ({
    ...{ progress: { done: counted.conversations, total: null }, estimateSeconds: null },
    place: { ...at },
  });
  for (;;) {
    const conversations = await conversationsBefore(store, retention, passedOver);
    if (conversations.length === 0) break;
    Object.assign(at, firstPlace, { held: [] });
    const next = { ...emptyPlan, conversations, earlier: counted };
    await putPlan(store, operation, next);
    counted = yield* erasePlan(context, { operation, end }, next, at);
    for (const uuid of conversations) passedOver.add(uuid);
    held.push(...at.held);
  }
  at.held = held;
  const writing = context.writingOf(retention.connection);
  if (writing) {
    for await (const files of expireMedia({ store, now: context.clock.now, ...writing }, retention)) {
      counted = { ...counted, media: counted.media + files };
      yield saved();
    }
  }
  for await (const answers of expireRaw(store, retention)) {
    counted = { ...counted, rawAnswers: counted.rawAnswers + answers };
    yield saved();
  }
  return counted;
}

function finished(counted: ErasureCounts, held: readonly string[], now: number): Finished {
  const total = counted.conversations + held.length;
  const result = receiptOf(counted, held, now);
  const progress = { done: counted.conversations, total };
  if (held.length === 0) return { progress, result };
  const message = `${held.length} conversations came under a legal hold and are untouched; the others are erased.`;
  return { progress, result, failure: { code: 'OnHold', message } };
}

/**
 * Works a plan off: first a tombstone for each conversation, behind which nothing can bring it back, and then everything
 * that came of it, from what nobody would find without the rest to what is found at any time.
 */
async function* erasePlan(
  context: ErasureContext,
  { operation, end }: PlanRun,
  plan: ErasurePlan,
  at: Place,
): AsyncGenerator<Saved, ErasureCounts, void> {
  const { store, clock } = context;
  const total = plan.conversations.length;
  const saved = (done: number): Saved => ({ progress: { done, total }, estimateSeconds: null, place: { ...at } });
  const buried: Buried[] = [];
  at.held = [];
  for (const [done, uuid] of plan.conversations.entries()) {
    const one = await bury(store, uuid, { operation, end, now: clock.now });
    if (one && 'held' in one) at.held.push(one.held);
    else if (one) buried.push(one);
    yield saved(done);
  }
  for (const one of buried) {
    await clear(store, one);
    yield saved(total);
  }
  for await (const _ of clearBeside(context, plan, { operation, buried, at })) yield saved(total);
  const counted = plan.counted ?? countOf(buried, at);
  await putPlan(store, operation, { ...plan, counted });
  for (const { stone } of buried) await endTombstone(store, stone.uuid);
  const earlier = sumOf(plan.earlier, counted);
  // Whom it was about is forgotten before it is done; the counts stay for a run that comes again.
  await putPlan(store, operation, { participant: null, connections: [], conversations: [], earlier, counted: null });
  return earlier;
}

/** What of these lies elsewhere; a step a yield. */
async function* clearBeside(
  { store, clock, deadLetters, inboxes, waitSeconds }: ErasureContext,
  plan: ErasurePlan,
  { operation, buried, at }: { operation: string; buried: readonly Buried[]; at: Place },
): AsyncGenerator<void, void, void> {
  const uuids = new Set(buried.map(({ stone }) => stone.uuid));
  const { participant } = plan;
  // Then what publish has failed before lies there, and whoever was about to quarantine something has done it.
  yield* untilTold(store, buried, clock);
  for await (const count of clearQuarantine(store, plan, buried, { operation, now: clock.now })) {
    at.quarantined += count;
    yield;
  }
  for (const inbox of uuids.size > 0 || participant !== null ? inboxes : []) {
    for await (const count of clearInbox(inbox, { uuids, participant, waitSeconds })) {
      at.deadLetters += count;
      yield;
    }
  }
  for await (const count of clearBatches(store, deadLetters)) {
    at.deadLetters += count;
    yield;
  }
  for await (const count of clearEvents(store, buried)) {
    at.events += count;
    yield;
  }
  for (const [connection, ones] of Map.groupBy(buried, ({ stone }) => stone.connection)) {
    const names = ones.flatMap(({ remains }) => remains.packs);
    at.rawAnswers += await removeFromPacks(store, connection, names, [...uuids]);
    yield;
    for (const hour of hoursOf(ones)) {
      await recomputeHour(store, { connection, hour }, clock.now());
      yield;
    }
  }
}

/** The hours whose books these may stand in, by whichever stamp their provider lists (milliseconds since 1970). */
function hoursOf(buried: readonly Buried[]): Set<number> {
  const stamps = buried.flatMap(({ remains }) => [remains.startedAt, remains.providerCreatedAt]);
  const instants = stamps.map((stamp) => (stamp === null ? Number.NaN : Date.parse(stamp)));
  return new Set(instants.filter((at) => !Number.isNaN(at)).map(hourOf));
}

function countOf(buried: readonly Buried[], at: Place): ErasureCounts {
  const sum = (of: (one: Buried) => number): number => buried.reduce((total, one) => total + of(one), 0);
  return {
    conversations: buried.length,
    versions: sum(({ remains }) => remains.versions),
    transcripts: sum(({ remains }) => Number(remains.hasTranscript)),
    media: sum(({ remains }) => remains.media),
    indexRows: sum(({ remains }) => remains.rows.length),
    ...{ quarantined: at.quarantined, events: at.events, rawAnswers: at.rawAnswers, deadLetters: at.deadLetters },
  };
}

function sumOf(one: ErasureCounts, other: ErasureCounts): ErasureCounts {
  const names = Object.keys(nothingErased) as (keyof ErasureCounts)[];
  return { ...one, ...Object.fromEntries(names.map((name) => [name, one[name] + other[name]])) };
}

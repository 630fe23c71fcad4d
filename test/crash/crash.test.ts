import { getGlobalDispatcher, setGlobalDispatcher } from 'undici';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { seededRandom } from '#infra/local/fakes/random.ts';
import { salesloftBackfill } from './backfill-worlds.ts';
import { salesloftErasure, salesloftRetention } from './erase-worlds.ts';
import { type Gate, openGate, openPausingGate, type Stop } from './gate.ts';
import { salesloftGone, salesloftHooks, salesloftReplay, salesloftReprocess } from './hook-worlds.ts';
import { type Machine, startMachine } from './machine.ts';
import type { End, Outcome } from './outcome.ts';
import { salesloftLarge, salesloftLate, salesloftNew } from './salesloft-worlds.ts';
import { type Beginning, beginningOf, openScenario } from './scenario.ts';
import { talkdeskHidden, talkdeskLate, talkdeskNew } from './talkdesk-worlds.ts';
import { vonageLate } from './vonage-worlds.ts';
import type { CrashWorld } from './world.ts';

/** Longer than the leases of stream and file: what a killed run holds is free again. */
const pastLeaseMs = 61_000;

/** `npm test` takes every stop that leaves something new, samples the pairs and every other pause; `npm run crash` all. */
const isFull = process.env['EARSHOT_CRASH_ALL_PAIRS'] !== undefined;

vi.setConfig({ testTimeout: isFull ? 3_600_000 : 180_000 });

/** Calls of a run: more would make the pairs too many. */
const mostCalls = 90;

/** Whether a call changes nothing at AWS and is not a file's bytes on their way. */
const isReading = (call: string | undefined): boolean =>
  /^(GET|POST|Get|BatchGet|Query|List|ReadStream)/.test(call ?? '') && !call?.endsWith(', its end');

/**
 * Before each call and behind it. One behind a reading leaves what there was before it, and one before a call what the last
 * stop left, unless other calls were under way: so `npm test` leaves these out.
 */
function stopsAt({ calls, beside }: Pick<Gate, 'calls' | 'beside'>): Stop[] {
  const all = calls.flatMap((_, i) => (['before', 'after'] as const).map((when) => ({ call: i + 1, when })));
  if (isFull) return all;
  const leavesNews = ({ call, when }: Stop): boolean => {
    if (when === 'after') return !isReading(calls[call - 1]);
    return call === 1 || (beside.has(call) && !(isReading(calls[call - 1]) && isReading(calls[call - 2])));
  };
  return all.filter(leavesNews);
}

const network = getGlobalDispatcher();
let machine: Machine;
beforeAll(async () => {
  machine = await startMachine();
});
afterAll(async () => {
  setGlobalDispatcher(network);
  await machine.close();
});

/** Its name, its row and the operation itself. */
const itemsOfABackfill = 3;

const sound = { passedButMissing: [], untrue: [], unkept: [] };

/** Stops runs at these places one after the other, each on what the one before left, then lets one run to its end. */
async function disturbed(world: CrashWorld, beginning: Beginning, stops: readonly Stop[]) {
  const scenario = await openScenario(machine, world, beginning);
  for (const stop of stops) {
    await scenario.run(openGate(stop));
    expect(await scenario.faults(), `after ${JSON.stringify(stops)}`).toEqual(sound);
    scenario.clock.now += pastLeaseMs;
  }
  await scenario.run(openGate(null));
  const { lostUploads, ...end } = await scenario.end();
  expect(lostUploads).toBeLessThanOrEqual(stops.length);
  return end;
}

/** A run is paused for longer than its leases while another goes to its end; a third finds what is left to do. */
async function overtaken(world: CrashWorld, beginning: Beginning, stop: Stop): Promise<Outcome> {
  const scenario = await openScenario(machine, world, beginning);
  const gate = openPausingGate(stop);
  const slow = scenario.run(gate).catch((error: unknown) => error);
  await Promise.race([gate.paused, slow]);
  scenario.clock.now += pastLeaseMs;
  await scenario.run(openGate(null));
  gate.release();
  await slow;
  expect(await scenario.faults()).toEqual(sound);
  scenario.clock.now += pastLeaseMs;
  await scenario.run(openGate(null));
  const { lostUploads, faults, outcome } = await scenario.end();
  expect(faults).toEqual(sound);
  expect(lostUploads).toBeLessThanOrEqual(1);
  return outcome;
}

describe.each([
  ['talkdesk, new conversations', talkdeskNew, 40],
  ['salesloft, new conversations', salesloftNew, 45],
  ['talkdesk, late parts', talkdeskLate, 40],
  ['salesloft, late parts', salesloftLate, 35],
  ['vonage, late parts', vonageLate, 35],
  ['salesloft, a large file', salesloftLarge, 5],
  ['salesloft, webhooks', salesloftHooks, 30],
  ['salesloft, a webhook of what is gone', salesloftGone, 15],
  ['salesloft, a replay', salesloftReplay, 10],
  ['salesloft, a reprocess', salesloftReprocess, 10],
  ['salesloft, a backfill', salesloftBackfill, 20],
  ['salesloft, an erasure', salesloftErasure, 5],
  ['salesloft, files that outlive their time', salesloftRetention, 5],
  ['talkdesk, a record hidden from the first reading', talkdeskHidden, 15],
] as const)('%s', (name, makeWorld, sampledPairs) => {
  const world = makeWorld();
  let beginning: Beginning;
  let calls: string[];
  let undisturbed: Omit<End, 'lostUploads'>;
  let stops: Stop[];

  beforeAll(async () => {
    const gate = openGate(null);
    beginning = await beginningOf(machine, world);
    const scenario = await openScenario(machine, world, beginning);
    await scenario.run(gate);
    calls = gate.calls;
    const { lostUploads, ...end } = await scenario.end();
    expect(end.faults).toEqual(sound);
    expect(lostUploads).toBe(0);
    expect(end.unnamed).toEqual([]);
    undisturbed = end;
    stops = stopsAt(gate);
  });

  it('undisturbed, a run brings everything with its events', () => {
    const { conversations, erased, traces, quarantined, hours, eventIds, loggedIds, replayedIds, objects, uncopied } =
      undisturbed.outcome;
    const { gone = [], unseen = [], puts: putsOfErasing = 0 } = world.person ?? {};
    for (const operation of undisturbed.outcome.operations) expect(operation).toMatchObject({ state: 'done' });
    const eventsOf = (type: string): number => eventIds.filter((id) => id.includes(`/earshot.${type}.v1`)).length;
    const { transcripts, media, overdue } = world.events;
    expect(calls.length).toBeLessThanOrEqual(mostCalls);
    expect([erased, traces]).toEqual([[...gone, ...unseen].sort(), []]);
    expect(conversations).toHaveLength(world.ids.length - world.broken - erased.length);
    expect(eventsOf('conversation.discovered')).toBe(conversations.length + gone.length);
    expect(eventsOf('conversation.erased')).toBe(gone.length);
    expect(eventsOf('transcript.ready')).toBe(transcripts);
    expect([eventsOf('media.stored'), objects.length]).toEqual([media, media - gone.length - (world.expired ?? 0)]);
    expect(eventsOf('artifact.overdue')).toBe(overdue);
    expect(uncopied).toEqual([]);
    const isTold = (id: string): boolean => id.includes('conversation.erased') || !gone.some((one) => id.includes(one));
    expect(loggedIds).toEqual(eventIds.filter(isTold));
    const isReplayed = world.run.includes('replay');
    expect(replayedIds).toEqual(isReplayed ? eventIds : []);
    expect([eventsOf('window.gap'), hours.map(({ gaps, isOpen }) => [gaps, isOpen])]).toEqual([
      world.events.gaps ?? 0,
      hours.map(() => [[], false]),
    ]);
    // A put for each version, each reading of an hour, each broken record and each delivery: fruitless askings write nothing.
    const puts = [...beginning.calls, ...calls].filter((call) => call === 'PutItemCommand').length;
    const asksOnce = world.run.some((step) => ['replay', 'reprocess', 'retain'].includes(String(step)));
    const asked = (asksOnce ? 1 : 0) + (world.span ? itemsOfABackfill : 0);
    const readings = hours.reduce((sum, { reading }) => sum + reading, 0);
    const kept = world.broken + (world.hooks?.genuine ?? 0) + asked + readings + putsOfErasing;
    expect(puts).toBe(conversations.reduce((sum, { version }) => sum + version, kept));
    expect(quarantined).toHaveLength(world.broken);
    expect(calls).toEqual(expect.arrayContaining([...world.calls]));
  });

  it('comes to the same end after a stop at any single call', async () => {
    for (const stop of stops)
      expect(await disturbed(world, beginning, [stop]), JSON.stringify([stop, calls[stop.call - 1]])).toEqual(
        undisturbed,
      );
  });

  it('comes to the same end after two stops', async () => {
    const pairs = stops.flatMap((first) => stops.map((second) => [first, second]));
    const random = seededRandom('pairs', name);
    const sample = () => pairs[Math.floor(random() * pairs.length)] ?? [];
    for (const pair of isFull ? pairs : Array.from({ length: sampledPairs }, sample))
      expect(await disturbed(world, beginning, pair), JSON.stringify(pair)).toEqual(undisturbed);
  });

  it('comes to the same end with two runners, one of them paused for longer than its leases', async () => {
    for (const stop of isFull ? stops : stops.filter((_, i) => i % 2 === 0))
      expect(await overtaken(world, beginning, stop), JSON.stringify([stop, calls[stop.call - 1]])).toEqual(
        undisturbed.outcome,
      );
  });
});

import { getGlobalDispatcher, setGlobalDispatcher } from 'undici';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { seededRandom } from '#infra/local/fakes/random.ts';
import { openGate, openPausingGate, type Stop } from './gate.ts';
import { type Machine, openScenario, type Scenario, startMachine } from './scenario.ts';
import { type CrashWorld, salesloftCrashWorld, talkdeskCrashWorld } from './worlds.ts';

/** Longer than a lease: what a killed run holds is free again. */
const pastLeaseMs = 31_000;

/** `npm test` samples the pairs; `npm run crash` takes them all. */
const sampledPairs = process.env['EARSHOT_CRASH_ALL_PAIRS'] ? null : 150;

vi.setConfig({ testTimeout: sampledPairs === null ? 3_600_000 : 180_000 });

const network = getGlobalDispatcher();
let machine: Machine;
beforeAll(async () => {
  machine = await startMachine();
});
afterAll(async () => {
  setGlobalDispatcher(network);
  await machine.close();
});

/** What must hold of a finished case, told from one that was never disturbed. */
type Outcome = { conversations: unknown[]; quarantined: unknown[]; eventIds: string[] };

async function outcomeOf(scenario: Scenario): Promise<Outcome> {
  const conversations = (await scenario.conversations()).sort((a, b) => (a.id < b.id ? -1 : 1));
  return {
    conversations: conversations.map(({ observedAt: _o, updatedAt: _u, firstSeenAt: _f, artifacts, ...content }) => ({
      ...content,
      artifacts: Object.entries(artifacts).map(([kind, { state, reason }]) => [kind, state, reason]),
    })),
    quarantined: await scenario.quarantined(),
    eventIds: [...new Set(scenario.eventIds)].sort(),
  };
}

/** Stops runs at these places one after the other, each on what the one before left, then lets one run to its end. */
async function disturbed(world: CrashWorld, stops: readonly Stop[]): Promise<Outcome> {
  const scenario = await openScenario(machine, world);
  for (const stop of [...stops, null]) {
    await scenario.run(openGate(stop));
    expect(await scenario.passedButMissing(), `checkpoint ahead of the store after ${JSON.stringify(stops)}`).toEqual(
      [],
    );
    scenario.clock.now += pastLeaseMs;
  }
  return outcomeOf(scenario);
}

describe.each([
  ['talkdesk', talkdeskCrashWorld],
  ['salesloft', salesloftCrashWorld],
] as const)('%s, poll and publish', (_name, makeWorld) => {
  const world = makeWorld();
  let calls: string[];
  let undisturbed: Outcome;
  let stops: Stop[];

  beforeAll(async () => {
    const gate = openGate(null);
    const scenario = await openScenario(machine, world);
    await scenario.run(gate);
    calls = gate.calls;
    undisturbed = await outcomeOf(scenario);
    stops = calls.flatMap((_, i) => (['before', 'after'] as const).map((when) => ({ call: i + 1, when })));
  });

  it('an undisturbed run stores every conversation with its events, in at most 40 calls', () => {
    expect(undisturbed.conversations).toHaveLength(world.ids.length - world.broken);
    expect(undisturbed.eventIds.filter((id) => id.endsWith('/earshot.conversation.discovered.v1'))).toHaveLength(
      world.ids.length - world.broken,
    );
    expect(undisturbed.eventIds.filter((id) => id.endsWith('/earshot.transcript.ready.v1'))).toHaveLength(
      world.ids.length - world.broken,
    );
    expect(undisturbed.quarantined).toHaveLength(world.broken);
    expect(calls.length).toBeLessThanOrEqual(40);
    for (const kind of [
      'GetSecretValueCommand',
      'PutItemCommand',
      'UpdateItemCommand',
      'BatchGetItemCommand',
      'PutEventsCommand',
      'PutObjectCommand',
    ])
      expect(calls).toContain(kind);
  });

  it('comes to the same end after a stop at any single call', async () => {
    for (const stop of stops)
      expect(await disturbed(world, [stop]), JSON.stringify([stop, calls[stop.call - 1]])).toEqual(undisturbed);
  });

  it('comes to the same end after two stops', async () => {
    const pairs = stops.flatMap((first) => stops.map((second) => [first, second]));
    const random = seededRandom('pairs');
    const chosen =
      sampledPairs === null
        ? pairs
        : Array.from({ length: sampledPairs }, () => pairs[Math.floor(random() * pairs.length)] ?? []);
    for (const pair of chosen) expect(await disturbed(world, pair), JSON.stringify(pair)).toEqual(undisturbed);
  });

  it('comes to the same end with two runners, one of them paused at any call for longer than its lease', async () => {
    for (const stop of stops) {
      const scenario = await openScenario(machine, world);
      const gate = openPausingGate(stop);
      const slow = scenario.run(gate).catch((error: unknown) => error);
      await Promise.race([gate.paused, slow]);
      scenario.clock.now += pastLeaseMs;
      await scenario.run(openGate(null));
      gate.release();
      await slow;
      expect(await scenario.passedButMissing()).toEqual([]);
      scenario.clock.now += pastLeaseMs;
      await scenario.run(openGate(null));
      expect(await outcomeOf(scenario), JSON.stringify([stop, calls[stop.call - 1]])).toEqual(undisturbed);
    }
  });
});

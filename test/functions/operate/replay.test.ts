import * as fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { eventsPerSecond, replayRunner } from '#functions/operate/replay.ts';
import { type RunContext, type RunEnd, runOperation } from '#functions/operate/run-operation.ts';
import type { EarshotEvent } from '#shared/domain/events.ts';
import { formatInstant } from '#shared/domain/instant.ts';
import { newOperation } from '#shared/domain/operation.ts';
import { replayRequest } from '#shared/domain/operation-replay.ts';
import { appendEvents } from '#shared/storage/event-log.ts';
import { cancelOperation, getOperation, putOperation } from '#shared/storage/operations.ts';
import { epoch } from '#test/support/records.ts';
import { type TestStore, testStore } from '#test/support/store.ts';
import { type VirtualClock, virtualClock } from '#test/support/virtual-clock.ts';
import { discovered, type TestBus, testBus } from './log-world.ts';

let opened: TestStore;
/** The log: 24 events of two connections in three hours, in batches of four, one of which came again in part. */
const logged: EarshotEvent[] = Array.from({ length: 24 }, (_, i) =>
  discovered(`c${i}`, i * 7, i % 3 === 0 ? 'sales' : 'support'),
);

beforeAll(async () => {
  opened = await testStore();
  for (let i = 0; i < logged.length; i += 4) await appendEvents(opened.store, `${1_000 + i}`, logged.slice(i, i + 4));
  await appendEvents(opened.store, '1002', logged.slice(2, 6));
});
afterAll(() => opened.close());

let bus: TestBus;
let clock: VirtualClock;
beforeEach(() => {
  bus = testBus();
  clock = virtualClock(epoch + 86_400_000);
});

const minute = (n: number) => formatInstant(epoch + n * 60_000);
const whole = { from: minute(0), to: minute(1_000) };
const job = (id: string) => ({ kind: 'replays', id }) as const;
let runs = 0;

async function ask(id: string, request: object): Promise<void> {
  await putOperation(opened.store, newOperation('replays', id, replayRequest.parse(request), clock.now()));
}
const run = (id: string, isTimeUp: () => boolean = () => false): Promise<RunEnd> => {
  const runners: RunContext['runners'] = { replays: replayRunner({ log: opened.store, bus, clock }) };
  return runOperation({ store: opened.store, runners, now: clock.now, isTimeUp, holder: `run-${++runs}` }, job(id));
};
const replay = async (id: string, request: object): Promise<EarshotEvent[]> => {
  await ask(id, request);
  expect(await run(id)).toBe('done');
  return bus.events;
};
const ids = (events: readonly EarshotEvent[]) => events.map((event) => event.id);
const operationOf = (id: string) => getOperation(opened.store, job(id));

describe('a replay', () => {
  it('sends each event once, as it was, with its operation and its subscriber', async () => {
    const sent = await replay('to-one', { ...whole, subscriber: 'crm' });
    expect(sent).toEqual(logged.map((event) => ({ ...event, replay: 'to-one', replayto: 'crm' })));
    expect(await operationOf('to-one')).toMatchObject({
      ...{ state: 'done', result: { events: 24 }, progress: { done: 28, total: 28 }, estimateSeconds: null },
    });
  });

  it('names no subscriber where it is for all', async () => {
    const sent = await replay('to-all', whole);
    expect(sent.filter((event) => 'replayto' in event)).toEqual([]);
    expect(new Set(sent.map((event) => event.replay))).toEqual(new Set(['to-all']));
  });

  it('sends no more a second than its pace', async () => {
    const begun = clock.now();
    await replay('paced', whole);
    expect(clock.now() - begun).toBeGreaterThanOrEqual((logged.length / eventsPerSecond) * 1_000 - 1);
  });

  it('sends what its filters want, as brute force finds it', async () => {
    const some = fc.option(
      fc.subarray([...ids(logged).slice(0, 5), ...logged.flatMap(({ subject }) => subject)], { minLength: 1 }),
      {
        nil: undefined,
      },
    );
    const filters = fc.record({
      ...{ from: fc.nat(170), span: fc.integer({ min: 1, max: 100 }), ids: some },
      connection: fc.constantFrom(undefined, 'sales', 'support', 'other'),
      types: fc.constantFrom(undefined, ['conversation.discovered'], ['earshot.conversation.updated.v1']),
    });
    let n = 0;
    await fc.assert(
      fc.asyncProperty(filters, async ({ from, span, ids: wanted, connection, types }) => {
        bus.events.length = 0;
        const [first, last] = [minute(from), minute(from + span)];
        const request = { from: first, to: last, connection, types, ids: wanted };
        const sent = await replay(`filter-${++n}`, JSON.parse(JSON.stringify(request)));
        const expected = logged.filter(
          ({ id, subject, time, data }) =>
            time >= first &&
            time < last &&
            (connection === undefined || data.connection === connection) &&
            (types === undefined || types[0] === 'conversation.discovered') &&
            (wanted === undefined || wanted.includes(id) || wanted.includes(subject)),
        );
        expect(ids(sent)).toEqual(ids(expected));
      }),
      { numRuns: 25 },
    );
  });

  it('finds a conversation by its uuid', async () => {
    const [event] = logged;
    const uuid = event && 'uuid' in event.data ? event.data.uuid : '';
    expect(ids(await replay('by-uuid', { ...whole, ids: [uuid] }))).toEqual(ids(logged.slice(0, 1)));
  });
});

describe('a replay that is stopped', () => {
  it('by the end of its time goes on where it was, and sends nothing twice', async () => {
    await ask('short', whole);
    const ends: RunEnd[] = [];
    do ends.push(await run('short', () => true));
    while (ends.at(-1) === 'timeUp');
    expect(ends.at(-1)).toBe('done');
    expect(ends.length).toBeGreaterThan(7);
    expect(ids(bus.events)).toEqual(ids(logged));
    expect(await operationOf('short')).toMatchObject({ result: { events: 24 } });
  });

  it('by a crash at any event sends all of them in the end, and counts none twice', async () => {
    for (let stop = 0; stop < logged.length; stop += 9) {
      bus = testBus();
      let left = stop;
      bus.onEvent = () => {
        if (left-- === 0) throw new Error('crash');
      };
      const id = `crash-${stop}`;
      await ask(id, whole);
      await expect(run(id)).rejects.toThrow('crash');
      expect(await operationOf(id)).toMatchObject({ state: 'running', error: { code: 'Error' } });
      expect(await run(id)).toBe('done');
      expect([...new Set(ids(bus.events))]).toEqual(ids(logged));
      expect(await operationOf(id)).toMatchObject({ state: 'done', error: null, result: { events: 24 } });
    }
  });

  it('by its operator sends nothing more, as soon as it is seen', async () => {
    await ask('cancelled', whole);
    bus.onEvent = async () => {
      clock.advance(3_000);
      if (bus.events.length === 4) await cancelOperation(opened.store, job('cancelled'));
    };
    expect(await run('cancelled')).toBe('lost');
    expect(ids(bus.events)).toEqual(ids(logged.slice(0, 8)).slice(0, bus.events.length));
    expect(await operationOf('cancelled')).toMatchObject({ state: 'cancelled', result: null });
    expect(await run('cancelled')).toBe('ended');
  });

  it('leaves the work to a run that holds the lease', async () => {
    await ask('twins', whole);
    const ends = await Promise.all([run('twins'), run('twins')]);
    expect(ends.toSorted()).toEqual(['done', 'held']);
    expect(ids(bus.events)).toEqual(ids(logged));
    expect(await run('twins')).toBe('ended');
    expect(bus.events).toHaveLength(24);
  });
});

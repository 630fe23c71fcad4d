import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { type HookMachine, startHookMachine } from './hook-machine.ts';
import { benchHistory, hookOf } from './hook-world.ts';
import { median, type Row } from './row.ts';

/** Webhooks and events on one machine: the real process, spoken to from outside. */
export async function hookRows(): Promise<Row[]> {
  return [await answerRow(), ...(await eventRows())];
}

const perSecond = 200;
const seconds = 10;
/** So much that reading it takes longer than the deliveries do. */
const history = 12_000;

/** Deliveries before those, which start the function's instances; nobody asks how long they took. */
const warming = 2 * perSecond;

/** How long a sender waits for its answer while a backfill is read and what was sent before is worked off. */
async function answerRow(): Promise<Row> {
  const now = Date.now();
  const hooks = benchHistory(history, now)
    .calls.slice(-perSecond * seconds - warming)
    .map(({ id }) => hookOf(id));
  const run = await withMachine({ history, now, every: '500ms', backfill: '31d' }, async (machine) => {
    while (machine.discoveredCount() === 0) await wait(50);
    await sendAll(machine, hooks.slice(0, warming));
    const before = machine.discoveredCount();
    const times = await sendAll(machine, hooks.slice(warming));
    return { times, discoveredMeanwhile: machine.discoveredCount() - before };
  });
  if (run.discoveredMeanwhile < seconds) throw new Error('the store was not busy');
  const sorted = run.times.toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.ceil(share * sorted.length) - 1] ?? Number.NaN;
  return {
    what: 'webhook answered while a backfill is read, 200 a second for 10 s, p99',
    floor: 'from the moment when it was due to be sent; 2 s before that warm',
    value: at(0.99),
    unit: 'ms',
    target: 250,
    facts: { p50: at(0.5), p90: at(0.9), longest: at(1), discoveredMeanwhile: run.discoveredMeanwhile },
  };
}

/** Sends at a steady rate, whatever the answers do: a sender waits for nobody. Gives milliseconds to each answer. */
async function sendAll(machine: HookMachine, hooks: readonly ReturnType<typeof hookOf>[]): Promise<number[]> {
  const begun = performance.now();
  const sent = hooks.map(async (hook, n) => {
    const due = begun + (n * 1_000) / perSecond;
    await wait(Math.max(0, due - performance.now()));
    const status = await machine.send(hook);
    if (status !== 202) throw new Error(`a delivery was answered with ${status}`);
    return performance.now() - due;
  });
  return Promise.all(sent);
}

const pollSeconds = 2;
const rounds = 15;

/** From what a provider knows to the event that is out: told by a webhook, and found by a poll. */
async function eventRows(): Promise<Row[]> {
  const now = Date.now();
  const pushed = await withMachine({ history: 0, now, every: '1h', backfill: '1h' }, async (machine) => {
    // The first poll is over before the first is told, so nothing but the webhook can bring it.
    await wait(2_000);
    return eachOf(rounds, async () => {
      const id = randomUUID();
      await machine.show(id);
      const begun = performance.now();
      const status = await machine.send(hookOf(id));
      if (status !== 202) throw new Error(`a delivery was answered with ${status}`);
      return (await machine.discovered(id)) - begun;
    });
  });
  const polled = await withMachine({ history: 0, now, every: `${pollSeconds}s`, backfill: '1h' }, async (machine) => {
    await wait(2_000);
    return eachOf(rounds, async (round) => {
      // At another moment of the interval each time.
      await wait((round * 130) % (pollSeconds * 1_000));
      const id = randomUUID();
      await machine.show(id);
      const begun = performance.now();
      return (await machine.discovered(id)) - begun;
    });
  });
  return [
    {
      ...{ what: 'from webhook sent to event out, the longest of 15', floor: 'none', unit: 'ms' },
      ...{ value: Math.max(...pushed), target: 2_000, rounds: pushed, facts: { median: median(pushed) } },
    },
    {
      ...{ what: 'from visible at the provider to event out by polling, the longest of 15', unit: 'ms' },
      floor: `polls every ${pollSeconds} s; the target is that and 5 s`,
      ...{ value: Math.max(...polled), target: pollSeconds * 1_000 + 5_000, rounds: polled },
      facts: { median: median(polled) },
    },
  ];
}

async function withMachine<Given>(
  options: Parameters<typeof startHookMachine>[0],
  use: (machine: HookMachine) => Promise<Given>,
): Promise<Given> {
  const machine = await startHookMachine(options);
  try {
    return await use(machine);
  } finally {
    await machine.stop();
  }
}

async function eachOf(count: number, measure: (round: number) => Promise<number>): Promise<number[]> {
  const values: number[] = [];
  for (let round = 0; round < count; round++) values.push(await measure(round));
  return values;
}

import { writeFileSync } from 'node:fs';
import { measuredFile, type Units, unitsCost } from '#infra/costs/measured.ts';
import { conversationSort, participantPrefix } from '#shared/facts/table.ts';
import { type CostRun, runAccount } from './cost-account.ts';
import type { Row } from './row.ts';

const conversations = 200;

/** Answers of a provider that a raw pack holds at most. */
const answersInPack = 500;

/** By the bar of the unit rows: a version with something pending, one with everything ready, a distinct participant key. */
const [pendingVersion, readyVersion, participantKey] = [5, 4, 1];

/**
 * What a million conversations with a recording each cost at list prices, beside the least: the write units of the bar, one
 * event of each type that fires, packed raw answers, one object a file. What is measured here docs/costs.md shows.
 */
export async function costRows(): Promise<Row[]> {
  const run = await runAccount(conversations);
  const ours = unitsOf(run);
  const floor = floorOf(run);
  writeFileSync(measuredFile, `${JSON.stringify(perThousand(ours), null, 2)}\n`);
  const [value, least] = [unitsCost(ours), unitsCost(floor)];
  const million = 1_000_000 / conversations;
  return [
    {
      what: 'dollars at list prices of a million conversations with a recording each',
      floor: 'write units of the bar, an event of each type, packed answers, an object a file',
      value: value / least,
      unit: 'ratio',
      target: 1.25,
      facts: { dollars: value * million, floorDollars: least * million, ...perThousand(ours) },
    },
  ];
}

function unitsOf({ writes, eventIds, objectCalls, jobs, sendings, invocations }: CostRun): Units {
  const puts = Object.entries(objectCalls).filter(([name]) => !/^(Get|Head|Delete|Abort)/.test(name));
  const sum = (values: readonly number[]) => values.reduce((total, each) => total + each, 0);
  return {
    writeUnit: sum(writes.map(({ units }) => units.total)),
    event: eventIds.length,
    put: sum(puts.map(([, calls]) => calls)),
    // Each is received and deleted by itself; ten are sent at one time.
    message: sendings + 2 * jobs,
    invocation: invocations,
  };
}

function floorOf({ writes, eventIds, jobs }: CostRun): Units {
  const of = (matches: (write: CostRun['writes'][number]) => boolean) => writes.filter(matches).length;
  const versions = of(({ sort }) => sort === conversationSort);
  const rows = of(({ partition }) => partition.startsWith(participantPrefix));
  // `<conversation id>/<version>/<type>`: each type once a conversation.
  const types = new Set(eventIds.map((id) => id.replace(/\/\d+\/([^/]+).*$/, '/$1')));
  return {
    writeUnit: conversations * pendingVersion + (versions - conversations) * readyVersion + rows * participantKey,
    event: types.size,
    put: jobs + Math.ceil(conversations / answersInPack),
    message: 0,
    invocation: 0,
  };
}

const perThousand = (units: Units): Units => {
  const scaled = (count: number): number => Math.round((count / conversations) * 1_000);
  const { writeUnit, event, put, message, invocation } = units;
  return {
    writeUnit: scaled(writeUnit),
    event: scaled(event),
    put: scaled(put),
    message: scaled(message),
    invocation: scaled(invocation),
  };
};

import { conversationSort, streamsPartition } from '#shared/facts/table.ts';
import { type AccountOptions, type MeteredRun, pollMetered } from './metered-account.ts';
import type { Row } from './row.ts';
import { pageSize } from './shape.ts';
import type { Write } from './write-meter.ts';

const pages = 10;
const conversations = pages * pageSize;

/** What each kind of write costs by our own meter, at the provider where it costs more. */
export async function unitRows(): Promise<Row[]> {
  const ready = await atBoth({ pending: false });
  const pending = await atBoth({ pending: true });
  const copied = await atBoth({ pending: false, media: true });
  const listing = `a run that lists ${pages} pages of ${pageSize}`;
  return [
    worse(
      'write units of a new conversation of 30 turns, everything ready',
      'item, two time indexes',
      'units',
      4,
      ready,
      ([first]) => dearest(first),
    ),
    worse('the same, an artifact pending', 'and the index of the due', 'units', 5, pending, ([first]) =>
      dearest(first),
    ),
    worse(
      'the same, all ready but its files, which are to be copied',
      'and the index of the due',
      'units',
      5,
      copied,
      ([first]) => dearest(first),
    ),
    worse('the same, seen again unchanged', 'no write', 'units', 0, ready, ([, again]) => dearest(again)),
    worse('the same with files, seen again unchanged', 'no write', 'units', 0, copied, ([, again]) => dearest(again)),
    worse('checkpoint', listing, 'units/record', 0.02, ready, (runs) => most(runs, 'checkpoint') / conversations),
    worse('lease', `${listing}: taken and given back`, 'units', 2, ready, (runs) => most(runs, 'lease')),
    worse('budget', `${listing}, no details`, 'units', 8, ready, ([, again]) => sum(again, 'budget')),
    await budgetOfDetails(),
  ];
}

type Runs = readonly [first: MeteredRun, again: MeteredRun];
type Both = Record<'talkdesk' | 'salesloft', Runs>;

async function atBoth(state: Pick<AccountOptions, 'pending' | 'media'>): Promise<Both> {
  // So many points that the first run has them for every record's details.
  const options = { ...state, conversations, perMinute: 1_000_000 };
  return {
    talkdesk: await pollTwice({ ...options, provider: 'talkdesk' }),
    salesloft: await pollTwice({ ...options, provider: 'salesloft' }),
  };
}

async function pollTwice(options: AccountOptions): Promise<Runs> {
  const [first, again] = await pollMetered(options, [60_000]);
  if (first?.summary.counts.discovered !== conversations || again?.summary.counts.unchanged !== conversations)
    throw new Error(`${options.provider}: not every conversation was discovered and then seen again unchanged`);
  return [first, again];
}

function worse(
  what: string,
  floor: string,
  unit: Row['unit'],
  target: number,
  { talkdesk, salesloft }: Both,
  measure: (runs: Runs) => number,
): Row {
  const facts = { talkdesk: measure(talkdesk), salesloft: measure(salesloft) };
  return { what, floor, value: Math.max(facts.talkdesk, facts.salesloft), unit, target, facts };
}

/** With details at Salesloft's own 600 points a minute, where a run takes its points in small chunks. */
async function budgetOfDetails(): Promise<Row> {
  const [run] = await pollMetered({ provider: 'salesloft', conversations: 250, perMinute: 600 }, []);
  if (!run) throw new Error('no run');
  const units = sum(run, 'budget');
  return {
    what: 'budget',
    floor: 'a request, with the details of new records at 600 points a minute',
    value: units / run.requests,
    unit: 'units/request',
    target: 0.05,
    facts: { units, requests: run.requests },
  };
}

type Kind = 'conversation' | 'checkpoint' | 'lease' | 'budget';

function kindOf({ partition, sort, attributes }: Write): Kind {
  if (sort === conversationSort) return 'conversation';
  if (partition === streamsPartition) return attributes.includes('checkpoint') ? 'checkpoint' : 'lease';
  if (partition.startsWith('budget#')) return 'budget';
  throw new Error(`a write to ${partition} that no row counts`);
}

const unitsOf = ({ writes }: MeteredRun, kind: Kind): number[] =>
  writes.filter((write) => kindOf(write) === kind).map(({ units }) => units.total);
const sum = (run: MeteredRun, kind: Kind): number => unitsOf(run, kind).reduce((total, each) => total + each, 0);
const most = (runs: Runs, kind: Kind): number => Math.max(...runs.map((run) => sum(run, kind)));

/** The units of the conversation that cost most, all its writes together. */
function dearest({ writes }: MeteredRun): number {
  const byConversation = Map.groupBy(
    writes.filter((write) => kindOf(write) === 'conversation'),
    ({ partition }) => partition,
  );
  return Math.max(
    0,
    ...[...byConversation.values()].map((each) => each.reduce((total, { units }) => total + units.total, 0)),
  );
}

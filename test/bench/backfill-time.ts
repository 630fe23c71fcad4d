import type { Connector } from '#shared/providers/connector.ts';
import { connectors } from '#shared/providers/registry.ts';
import { type HistoryWorld, historyWorlds, type Limits } from './history-worlds.ts';
import type { Metered } from './neighbour.ts';
import { type HistoryRun, readHistory } from './read-history.ts';
import type { Row } from './row.ts';

/** Those whose rate limit is somebody else's: another Earshot's is set by its operator. */
export const outside = connectors.filter(({ provider }) => provider !== 'earshot');

/** How long reading a history takes over the least that the rate limit allows, and how many requests are refused. */
export async function backfillTime(): Promise<Row[]> {
  const rows: Row[] = [];
  for (const connector of outside) rows.push(...(await rowsOf(connector, worldOf(connector))));
  return rows;
}

export function worldOf({ provider }: Connector): HistoryWorld {
  const world = historyWorlds[provider];
  if (!world) throw new Error(`no history of ${provider} to be read`);
  return world;
}

async function rowsOf(connector: Connector, world: HistoryWorld): Promise<Row[]> {
  const { provider } = connector;
  const alone = await timed(connector, world, false);
  const shared = await timed(connector, world, true);
  const least = ({ limits }: { limits: Limits }): string =>
    `(cost - one window) / rate, at ${limits.perHour ?? limits.perMinute} ${limits.perHour ? 'an hour' : 'a minute'}`;
  return [
    {
      what: `${provider}: time of reading a history`,
      floor: least(world.alone),
      value: alone.ratio,
      unit: 'ratio',
      target: 1.05,
      aim: 1.01,
      facts: alone.facts,
    },
    {
      what: `${provider}: the same, while another integration takes half of the budget at random`,
      floor: `${least(world.shared)}, with the cost of both`,
      value: shared.ratio,
      unit: 'ratio',
      target: 1.05,
      aim: 1.03,
      facts: shared.facts,
    },
    {
      what: `${provider}: of 1,000 requests those refused (429), with the other, behind the first window`,
      floor: 'none',
      value: shared.refusedOfThousand,
      unit: 'units',
      target: 5,
      aim: 0,
      facts: { alone: alone.refusedOfThousand, shared: shared.refusedOfThousand },
    },
  ];
}

type Timed = { ratio: number; refusedOfThousand: number; facts: Record<string, number> };

/** Into the last window the cost reaches by more than half, so that what is kept back at its beginning plays no part. */
const lastWindow = 0.6;

async function timed(connector: Connector, world: HistoryWorld, isShared: boolean): Promise<Timed> {
  const { limits, windows } = isShared ? world.shared : world.alone;
  const page = world.pages.small;
  const span = bindingSpan(limits);
  const ours = (windows + lastWindow) * span.limit * (isShared ? 0.5 : 1);
  const conversations = Math.floor((ours * 1_000) / world.leastCost(1_000, page));
  const run = await readHistory(connector, world, { conversations, page, limits, isShared });
  const least = world.leastCost(conversations, page) + eatenOf(run.requests, span);
  const leastMs = ((least - span.limit) / span.limit) * span.ms;
  const refusedOfThousand = refusedOf(run, span);
  return {
    ratio: run.elapsedMs / leastMs,
    refusedOfThousand,
    facts: { windows: run.elapsedMs / span.ms, conversations, requests: run.requests.length, refusedOfThousand },
  };
}

type Span = { limit: number; ms: number };

const bindingSpan = ({ perMinute, perHour }: Limits): Span =>
  perHour === undefined ? { limit: perMinute, ms: 60_000 } : { limit: perHour, ms: 3_600_000 };

/** What the neighbour got: in each window at most what we left. */
function eatenOf(requests: readonly Metered[], { limit, ms }: Span): number {
  const sum = (all: readonly Metered[], field: 'cost' | 'eaten'): number =>
    all.reduce((total, each) => total + each[field], 0);
  const windows = Map.groupBy(requests, ({ atMs }) => Math.floor(atMs / ms));
  return [...windows.values()].reduce(
    (total, window) => total + Math.min(sum(window, 'eaten'), limit - sum(window, 'cost')),
    0,
  );
}

function refusedOf({ requests }: HistoryRun, { ms }: Span): number {
  const [first] = requests;
  const later = requests.filter(({ atMs }) => Math.floor(atMs / ms) > Math.floor((first?.atMs ?? 0) / ms));
  return (1_000 * later.filter(({ status }) => status === 429).length) / later.length;
}

import { outside, worldOf } from './backfill-time.ts';
import { readHistory } from './read-history.ts';
import type { Row } from './row.ts';

const conversations = 3_000;
/** So much that no run waits. */
const limits = { perMinute: 1_000_000 };

/** Requests for a history over the least possible, and those of a poll when nothing has happened. */
export async function pollRequests(): Promise<Row[]> {
  const over: Record<string, number> = {};
  const idle: Record<string, number> = {};
  for (const connector of outside) {
    const world = worldOf(connector);
    const page = world.pages.full;
    const plan = { conversations, page, limits: { ...limits, ...unlimitedHour(world.alone.limits) }, isShared: false };
    const { requests, idleRequests } = await readHistory(connector, world, plan);
    over[connector.provider] = requests.length / world.leastCost(conversations, page);
    idle[connector.provider] = idleRequests / connector.streams.length;
  }
  return [
    {
      what: `requests for ${conversations.toLocaleString('en')} conversations, the provider with most`,
      floor: 'full pages, and details in full batches',
      value: Math.max(...Object.values(over)),
      unit: 'ratio',
      target: 1.05,
      facts: over,
    },
    {
      what: 'requests of a poll when nothing is new, the provider with most',
      floor: 'one a stream',
      value: Math.max(...Object.values(idle)),
      unit: 'units',
      target: 1,
      facts: idle,
    },
  ];
}

const unlimitedHour = ({ perHour }: { perHour?: number }) => (perHour === undefined ? {} : { perHour: 1_000_000 });

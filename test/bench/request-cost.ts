import { inventSalesloftWorld } from '#infra/local/fakes/salesloft/invent.ts';
import { salesloft } from '#shared/providers/salesloft/connector.ts';
import { salesloftSession } from '#test/providers/fake-session.ts';
import type { Row } from './row.ts';
import { benchNow, pageSize } from './shape.ts';

const conversations = 100_000;
const day = 86_400_000;
/** Few turns, because a listing shows none of them; late transcripts, because they move `updated_at`. */
const shape = { turns: { min: 1, max: 1 }, lateShare: 0.4, neverShare: 0.04 };

/** Cost points of listing an account whole, over pages of the largest size at the lowest price. */
export async function requestCost(): Promise<Row[]> {
  const [stream] = salesloft.streams;
  if (!stream) throw new Error('salesloft has no stream');
  const window = { from: benchNow - 90 * day, to: benchNow };
  const world = inventSalesloftWorld('cost', window.from, benchNow - day, conversations, shape);
  const session = salesloftSession(world, () => benchNow);
  const read = new Set<string>();
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof stream.fetchPage>> = await stream.fetchPage(session, window, cursor);
    for (const record of page.records) read.add(stream.identify(record).externalId);
    cursor = page.next;
  } while (cursor !== null);
  if (read.size !== conversations) throw new Error(`read ${read.size} of ${conversations} conversations`);
  const spent = session.asked.reduce((sum, { real }) => sum + real, 0);
  const least = conversations / pageSize;
  return [
    {
      what: `cost of listing ${conversations.toLocaleString('en')} Salesloft conversations`,
      floor: `${least.toLocaleString('en')} points: full pages of ${pageSize}, none behind page 100`,
      value: spent / least,
      unit: 'ratio',
      target: 1.05,
      facts: { points: spent, requests: session.asked.length, leastPoints: least },
    },
  ];
}

import { durationMs } from '#shared/domain/duration.ts';
import { conversationSort } from '#shared/facts/table.ts';
import { type MeteredRun, pollMetered } from './metered-account.ts';
import type { Row } from './row.ts';

const conversations = 50;
/** The default of `recheck` but for its last offset, with which something happens: what is missing becomes overdue. */
const offsets = ['5m', '15m', '1h', '6h', '24h'].map(durationMs);
const pausesMs = offsets.map((offset, i) => offset - (offsets[i - 1] ?? 0));

/**
 * What rechecks cost by our own meter that find nothing, at Vonage: the runs in which they fall, beyond the same runs of
 * an account where nothing is pending.
 */
export async function recheckUnits(): Promise<Row[]> {
  const pending = await rechecks(true);
  const idle = await rechecks(false);
  const [units, requests] = [unitsOf(pending) - unitsOf(idle), requestsOf(pending) - requestsOf(idle)];
  const what = `${offsets.length} fruitless rechecks of ${conversations} pending conversations`;
  return [
    {
      what: `write units of ${what}`,
      floor: 'the runs without them; of each a budget and a checkpoint are written',
      value: units,
      unit: 'units',
      target: 2 * offsets.length,
      facts: { unitsOfAllRuns: unitsOf(pending), unitsOfIdleRuns: unitsOf(idle) },
    },
    {
      what: `requests of ${what}`,
      floor: `${offsets.length}: one batch each`,
      value: requests / offsets.length,
      unit: 'ratio',
      target: 1,
      facts: { requests, requestsOfAllRuns: requestsOf(pending), requestsOfIdleRuns: requestsOf(idle) },
    },
  ];
}

/** The runs behind the first. */
async function rechecks(pending: boolean): Promise<MeteredRun[]> {
  const options = { provider: 'vonage' as const, conversations, pending, perMinute: 120 };
  const [first, ...runs] = await pollMetered(options, pausesMs);
  if (first?.summary.counts.discovered !== conversations) throw new Error('not every conversation was discovered');
  for (const { summary, writes } of runs) {
    if (summary.due !== 0 || writes.some(({ sort }) => sort === conversationSort))
      throw new Error('a recheck was not fruitless');
  }
  return runs;
}

const unitsOf = (runs: readonly MeteredRun[]): number =>
  runs.flatMap(({ writes }) => writes).reduce((sum, { units }) => sum + units.total, 0);
const requestsOf = (runs: readonly MeteredRun[]): number => runs.reduce((sum, { requests }) => sum + requests, 0);

import { hourMs } from '#shared/domain/ledger.ts';
import { ledgerPrefix } from '#shared/facts/table.ts';
import { type AccountOptions, type MeteredRun, pollMetered, type Span } from './metered-account.ts';
import type { Row } from './row.ts';
import { benchNow } from './shape.ts';

const perHour = 100;
const hours = 6;
const dayMs = 24 * hourMs;
/** Hours of three days that are read on the last of them: for the first time, a day later and a week later. */
const spans = [0, 6, 7].map((day): Span => {
  const from = benchNow + day * dayMs;
  return { from, to: from + hours * hourMs };
});
/** Twice a day for a week, then hour by hour: those of the last runs are measured. */
const pausesMs = [
  ...Array.from({ length: 14 }, () => dayMs / 2),
  hourMs,
  ...Array.from({ length: hours }, () => hourMs),
];

/**
 * What the books cost by our own meter in hours in each of which the three readings of `verify` are made of an hour's
 * conversations: all writes of the runs, beyond the same runs of an account that is never read again.
 */
export async function ledgerUnits(): Promise<Row[]> {
  const facts: Record<string, number> = {};
  for (const provider of ['talkdesk', 'salesloft'] as const) {
    const options = { provider, conversations: hours * perHour, perMinute: 1_000_000, spans };
    const read = await lastDay(options);
    const never = await lastDay({ ...options, verify: ['1000d'] });
    facts[provider] = unitsOf(read) - unitsOf(never);
    facts[`${provider}Rows`] = unitsOf(read.map((run) => ({ ...run, writes: run.writes.filter(isBooks) })));
  }
  const units = Math.max(facts['talkdesk'] ?? 0, facts['salesloft'] ?? 0);
  const what = `write units of the books, three readings of each hour with ${perHour} conversations`;
  const floor = 'the same runs without them';
  return [
    { what: `${what}: a conversation`, floor, value: units / (hours * perHour), unit: 'units', target: 0.05, facts },
    { what: `${what}: a connection and hour`, floor, value: units / hours, unit: 'units', target: 4, facts },
  ];
}

const isBooks = ({ partition }: MeteredRun['writes'][number]): boolean => partition.startsWith(ledgerPrefix);

async function lastDay(options: AccountOptions): Promise<MeteredRun[]> {
  const runs = (await pollMetered(options, pausesMs)).slice(-hours);
  const read = runs.reduce((sum, { summary }) => sum + summary.verified.hours, 0);
  if (read !== (options.verify ? 0 : 3 * hours)) throw new Error(`${options.provider}: ${read} hours were read`);
  return runs;
}

const unitsOf = (runs: readonly Pick<MeteredRun, 'writes'>[]): number =>
  runs.flatMap(({ writes }) => writes).reduce((sum, { units }) => sum + units.total, 0);

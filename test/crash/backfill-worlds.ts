import { baseUrl, invent } from './salesloft-worlds.ts';
import { type CrashWorld, connectionOf, minute, pollCalls, start } from './world.ts';

/** A conversation that only a backfill brings: its span is read in two windows, and the first is empty. */
export function salesloftBackfill(): CrashWorld {
  const invented = invent(1, () => ({}));
  return {
    ...invented,
    connection: connectionOf('salesloft', { baseUrl, lookback: '1m', media: false }),
    broken: 0,
    passedBy: () => [],
    // It holds no hour whole, so that the ledger, whose time is the clock's, has nothing to read of it.
    span: { from: start - 95 * minute, to: start - 1.5 * minute },
    before: [],
    run: ['backfill', 'poll', 'deliver'],
    events: { transcripts: 1, media: 0, overdue: 0 },
    calls: [...pollCalls, 'QueryCommand', 'BatchGetItemCommand'],
  };
}

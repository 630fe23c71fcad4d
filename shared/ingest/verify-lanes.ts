import type { Checkpoint } from '#shared/domain/checkpoint.ts';
import { durationMs } from '#shared/domain/duration.ts';
import { type DuePlan, dueHours, owedHours, withoutOwed } from '#shared/domain/ledger.ts';
import type { IngestContext } from './context.ts';
import type { LanedSession } from './lane-context.ts';
import type { Patience } from './patience.ts';
import type { TimeLeft } from './time-left.ts';
import { openVerification, type Turn, type Verified } from './verify-due.ts';
import { heldBack } from './verify-fault.ts';

/** The ledger's readings as lanes over a checkpoint; both give way after `yieldAt`, by our clock. */
export type LedgerLanes = {
  /** Moves the checkpoint, without a save, over what is read already: it goes with the save that the due lane makes. */
  noteSettled: () => Promise<void>;
  /** hours that are due by `verify`, in the due lane's share of the budget */
  verify: (yieldAt: number) => Promise<Turn>;
  /** hours of history that a backfill has finished, in the backfill's share */
  verifyOwed: (yieldAt: number) => Promise<Turn>;
  /** throws what the readings ran into: it must not hold up history */
  end: () => void;
};

export type LedgerRun = {
  context: IngestContext;
  session: LanedSession;
  time: TimeLeft;
  /** counted up */
  tally: { verified: Verified };
  patience: Patience;
};

/** The run's checkpoint; what is kept only goes with the next save. */
export type Keeping = {
  now: () => Checkpoint;
  keep: (next: Checkpoint) => void;
  save: (next: Checkpoint) => Promise<void>;
};

export function ledgerLanes({ context, session, time, tally, patience }: LedgerRun, checkpoint: Keeping): LedgerLanes {
  const fault = heldBack();
  const verification = openVerification(context, time, tally.verified);
  const offsets = session.connection.verify.map(durationMs);
  const dueNow = (): DuePlan => dueHours(checkpoint.now(), offsets, context.now());
  const noteUntil = (verifiedAt: number): void => checkpoint.keep({ ...checkpoint.now(), verifiedAt });

  return {
    noteSettled: async () => {
      const { hours, until } = dueNow();
      if (await verification.isSettled(hours)) noteUntil(until);
    },
    verify: (yieldAt) =>
      fault.guard(async () => {
        session.setLane('due', { ...patience, until: Math.min(patience.until, yieldAt) });
        const { hours, until } = dueNow();
        const stopped = await verification.settle(hours, yieldAt);
        if (stopped === 'done') noteUntil(until);
        return stopped;
      }),
    verifyOwed: (yieldAt) =>
      fault.guard(async () => {
        session.setLane('backfill', { ...patience, until: Math.min(patience.until, yieldAt) });
        for (let owed = owedHours(checkpoint.now()); owed; owed = owedHours(checkpoint.now())) {
          const stopped = await verification.settle(owed.hours, yieldAt);
          if (stopped !== 'done') return stopped;
          await checkpoint.save(withoutOwed(checkpoint.now(), owed.passed));
          if (context.now() >= yieldAt) return 'yielded';
        }
        return 'done';
      }),
    end: fault.end,
  };
}

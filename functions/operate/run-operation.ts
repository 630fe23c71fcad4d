import { ConfigInvalid, LeaseLost } from '#shared/domain/errors.ts';
import type { Operation, OperationJob, OperationKind } from '#shared/domain/operation.ts';
import { errorFields } from '#shared/runtime/error-fields.ts';
import {
  type Claimed,
  claimOperation,
  endOperation,
  type OperationLease,
  releaseOperation,
  saveOperation,
} from '#shared/storage/operation-lease.ts';
import type { Table } from '#shared/storage/operations.ts';
import type { Runner, Work } from './runner.ts';

export type RunContext = {
  store: Table;
  runners: Partial<Readonly<Record<OperationKind, Runner>>>;
  /** our clock, milliseconds since 1970 */
  now: () => number;
  /** whether the run must come to its end */
  isTimeUp: () => boolean;
  /** names this run, and no other */
  holder: string;
};

/**
 * How a run ended. `timeUp`: its place is saved and the job must come again. `held`: another run is at work, which may
 * die, so the job must come later. `ended`: there was nothing left to do. `lost`: it was cancelled, or another run goes on.
 */
export type RunEnd = 'done' | 'failed' | 'timeUp' | 'held' | 'ended' | 'lost';

/**
 * How long a run that died keeps others away. One that lives prolongs it with each write; a step that takes longer loses
 * it only to a run that has come in the meantime.
 */
export const leaseMs = 20_000;

/**
 * The least time between two writes of the place, so that many small steps cost few of them. The first is written at once:
 * it says how much there is to do.
 */
const saveEveryMs = 2_000;

/** Works on an operation until it ends or the time is up. Throws what may be gone at the next try, with the lease given back. */
export async function runOperation(context: RunContext, job: OperationJob): Promise<RunEnd> {
  const { store, now, holder } = context;
  const lease = { ...job, holder };
  const claimed = await claimOperation(store, lease, now(), leaseMs);
  if (typeof claimed === 'string') return claimed;
  try {
    return await work(context, lease, claimed);
  } catch (error) {
    if (error instanceof LeaseLost) return 'lost';
    if (!(error instanceof ConfigInvalid)) {
      // Where even this fails, the lease ends by itself before the message comes again or is sent on.
      await releaseOperation(store, lease, shownError(error)).catch(() => undefined);
      throw error;
    }
    await endOperation(store, lease, { state: 'failed', error: shownError(error) });
    return 'failed';
  }
}

async function work(context: RunContext, lease: OperationLease, claimed: Claimed): Promise<RunEnd> {
  const { store, runners, now, isTimeUp } = context;
  const runner = runners[lease.kind];
  if (!runner) throw new ConfigInvalid([`nothing works on ${lease.kind}`]);
  const steps: Work = runner(claimed);
  let savedAt = Number.NEGATIVE_INFINITY;
  for (;;) {
    const step = await steps.next();
    if (step.done) {
      const { failure, ...end } = step.value;
      await endOperation(
        store,
        lease,
        failure ? { state: 'failed', error: failure, ...end } : { state: 'done', ...end },
      );
      return failure ? 'failed' : 'done';
    }
    const isLast = isTimeUp();
    if (!isLast && now() - savedAt < saveEveryMs) continue;
    savedAt = now();
    try {
      await saveOperation(store, lease, step.value, isLast ? 0 : savedAt + leaseMs);
    } catch (error) {
      await steps.return(never);
      throw error;
    }
    if (isLast) {
      await steps.return(never);
      return 'timeUp';
    }
  }
}

/** What a work that is stopped gives; nobody looks at it. */
const never = { progress: { done: 0, total: null }, result: null };

/** The text of a foreign error may hold anything, so only its class is shown. */
function shownError(error: unknown): NonNullable<Operation['error']> {
  const { code = 'Unexpected', reason = 'It failed on our side.' } = errorFields(error);
  return { code, message: reason };
}

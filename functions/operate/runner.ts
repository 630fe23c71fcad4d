import type { Operation, Progress } from '#shared/domain/operation.ts';
import type { Saved } from '#shared/storage/operation-lease.ts';

/** An operation to be worked on, and the place that an earlier run saved; null for the first. */
export type Task = { operation: Operation; place: unknown };

/** What came of an operation. */
export type Finished = {
  progress: Progress;
  result: unknown;
  /** why it counts as failed although it came to its end */
  failure?: { code: string; message: string };
};

/**
 * The work of an operation, step by step. Wherever it yields it may be stopped for good, and a later run goes on from the
 * newest place that was saved, which may be an earlier one: what was done since is done again.
 */
export type Work = AsyncGenerator<Saved, Finished, void>;

/** How the operations of a kind are worked off. Throws ConfigInvalid where no other try would help. */
export type Runner = (task: Task) => Work;

import { NotAtProvider, PermissionMissing, RequestRejected, ResponseInvalid } from '#shared/domain/errors.ts';

/** Keeps back what the ledger's readings ran into until the end of a run. */
export type HeldBack = {
  /** Runs it; once something is held back nothing is run any more. */
  guard: <T>(run: () => Promise<T | 'done'>) => Promise<T | 'done'>;
  /** Throws what was held back. */
  end: () => void;
};

/**
 * A provider that refuses the ledger's own listing, or answers it with what was not agreed, still has its history read:
 * the run fails behind that. Everything else goes up at once, since no other lane would come further.
 */
export function heldBack(): HeldBack {
  let held: unknown = null;
  return {
    guard: async (run) => {
      if (held !== null) return 'done';
      try {
        return await run();
      } catch (error) {
        if (!isOfListing(error)) throw error;
        held = error;
        return 'done';
      }
    },
    end: () => {
      if (held !== null) throw held;
    },
  };
}

const isOfListing = (error: unknown): boolean =>
  [NotAtProvider, PermissionMissing, RequestRejected, ResponseInvalid].some((kind) => error instanceof kind);

import type { Store } from '#shared/storage/document-client.ts';
import { type CopyProgress, type FileName, keepCopy, saveCopy, takeCopy } from '#shared/storage/media-copies.ts';

/** How long a file stays a runner's without a word from it. */
export const leaseMs = 60_000;

/** One runner's hold on a file. Every call throws LeaseLost once another runner has taken over. */
export type CopyHold = {
  /** what was saved of the file when it was taken */
  progress: CopyProgress | null;
  /** prolongs the lease when half of it has passed */
  keep: () => Promise<void>;
  save: (progress: CopyProgress | null) => Promise<void>;
  /** gives the file back, with what the next runner may go on from */
  release: (progress: CopyProgress | null) => Promise<void>;
};

/** Takes a file. Throws LeaseLost while another runner has it. */
export async function holdCopy(store: Store, file: FileName, now: () => number): Promise<CopyHold> {
  const takenAt = now();
  const { lease, progress } = await takeCopy(store, file, takenAt, leaseMs);
  let until = takenAt + leaseMs;
  const prolong = async (write: (until: number) => Promise<void>): Promise<void> => {
    // Set before the write, so that part and chunk in flight together do not both prolong it.
    until = now() + leaseMs;
    try {
      await write(until);
    } catch (error) {
      until = 0;
      throw error;
    }
  };
  return {
    progress,
    keep: async () => {
      if (until - now() < leaseMs / 2) await prolong((next) => keepCopy(store, lease, next));
    },
    save: (reached) => prolong((next) => saveCopy(store, lease, reached, { leaseUntil: next, now: now() })),
    release: (reached) => saveCopy(store, lease, reached, { leaseUntil: 0, now: now() }),
  };
}

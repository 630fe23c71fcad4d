import type { Checkpoint } from '#shared/domain/checkpoint.ts';
import { LeaseLost } from '#shared/domain/errors.ts';
import type { Store } from '#shared/storage/document-client.ts';
import {
  type Lease,
  type RunEnd,
  releaseLease,
  renewLease,
  type StreamName,
  type StreamState,
  saveCheckpoint,
  takeLease,
} from '#shared/storage/streams.ts';

/** How long a lease holds without a word from its runner: what a killed run costs at most. */
export const leaseMs = 20_000;

/** One runner's hold on a stream. Every call throws LeaseLost once another runner has taken over. */
export type Hold = {
  state: StreamState;
  /** prolongs the lease when half of it has passed */
  keep: () => Promise<void>;
  /** moves the checkpoint, which prolongs the lease as well */
  save: (checkpoint: Checkpoint) => Promise<void>;
  /** gives the stream back with the run's end written down; false where another runner has it already */
  release: (end: RunEnd | null) => Promise<boolean>;
};

/** Takes the stream for one run, or null while another runner has it. */
export async function holdStream(store: Store, name: StreamName, now: () => number): Promise<Hold | null> {
  // From before the taking, as the table counts: a slow answer must not make us believe in it for longer.
  const takenAt = now();
  const taken = await takeLease(store, name, takenAt, leaseMs);
  if (!taken) return null;
  const { lease, state } = taken;
  let until = takenAt + leaseMs;
  const prolong = async (write: (lease: Lease, until: number) => Promise<void>): Promise<void> => {
    const next = now() + leaseMs;
    // Set before the write, so that records in flight together do not all prolong it.
    until = next;
    await write(lease, next).catch((error: unknown) => {
      // Not prolonged, so the next to ask tries again and hears of it.
      until = 0;
      throw error;
    });
  };
  return {
    state,
    keep: async () => {
      if (until - now() < leaseMs / 2) await prolong((held, next) => renewLease(store, held, next));
    },
    save: (checkpoint) => prolong((held, next) => saveCheckpoint(store, held, checkpoint, next)),
    release: async (end) => {
      try {
        await releaseLease(store, lease, end);
        return true;
      } catch (error) {
        if (error instanceof LeaseLost) return false;
        throw error;
      }
    },
  };
}

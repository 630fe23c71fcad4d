import type { UnaskedReason } from '#shared/domain/artifact.ts';
import { ProviderUnavailable, RateLimited, RecordInvalid } from '#shared/domain/errors.ts';
import type { Detail } from '#shared/providers/connector.ts';
import type { IngestContext } from './context.ts';

/** Askings in a row that may fail before the provider, and not a record, must be at fault. */
const failureLimit = 3;

/** The details of one record, or why they could not be asked for. */
export type AskedDetail = { detail: Detail | null; reason?: UnaskedReason };

export type Details = {
  /**
   * Asks for these records' details in one go. What comes back tells those of the n-th, whether that one is stored
   * already being told; it throws what is to become of a record without them.
   */
  fetch: (listed: readonly unknown[]) => Promise<(n: number, known: boolean) => AskedDetail>;
  markUnasked: () => void;
  unasked: () => boolean;
};

/**
 * Asks for details while the budget lasts. A new record whose details could not be asked for is stored without them,
 * its artifacts pending: it is better seen than whole. A known one keeps what it has until its page is read again,
 * unless runs have failed over it before: then it is quarantined, so that one record cannot hold up all others.
 */
export function openDetails({ stream, session, lastResort }: IngestContext): Details {
  let spent: RateLimited | null = null;
  let failures = 0;
  let unasked = false;

  const without = (error: RateLimited | ProviderUnavailable, known: boolean): AskedDetail => {
    const isSpent = error instanceof RateLimited;
    if (!known) {
      unasked = true;
      return { detail: null, reason: isSpent ? 'budgetSpent' : 'providerUnavailable' };
    }
    if (lastResort && !isSpent)
      throw new RecordInvalid(['detail: expected an answer, the provider fails for this record'], { cause: error });
    throw error;
  };

  return {
    unasked: () => unasked,
    markUnasked: () => {
      unasked = true;
    },
    fetch: async (listed) => {
      const { details } = stream;
      if (!details) return () => ({ detail: null });
      try {
        if (spent) throw spent;
        const told = await details.fetch(session, listed);
        failures = 0;
        return (n) => ({ detail: told[n] ?? null });
      } catch (error) {
        if (error instanceof RecordInvalid) {
          return () => {
            throw error;
          };
        }
        if (error instanceof RateLimited) spent = error;
        else if (!(error instanceof ProviderUnavailable) || ++failures >= failureLimit) throw error;
        return (_n, known) => without(error, known);
      }
    },
  };
}

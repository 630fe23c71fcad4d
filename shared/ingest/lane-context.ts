import { AppError, RateLimited } from '#shared/domain/errors.ts';
import type { Session } from '#shared/providers/connector.ts';
import type { BudgetLane } from '#shared/storage/budget-share.ts';
import type { IngestContext } from './context.ts';
import type { Patience } from './patience.ts';
import type { Usage } from './paying.ts';

/** What differs between the lanes where the budget ends. */

export type LaneName = BudgetLane;

/**
 * A session that knows in whose share of the budget its requests fall, live before due before backfill, and whether they
 * wait where it is spent: without patience they throw RateLimited.
 */
export type LanedSession = Session & {
  setLane: (lane: LaneName, patience?: Patience) => void;
  /** what it has asked and spent so far, in all lanes */
  usage: () => Usage;
};

/**
 * In the live lane a listing waits for the budget, but the details of what it lists do not: a conversation is better seen
 * than whole, and the due lane asks for the rest.
 */
export function listingPatiently(context: IngestContext, session: LanedSession, patience: Patience): IngestContext {
  const { stream } = context;
  const fetchPage: typeof stream.fetchPage = async (...asked) => {
    session.setLane('live', patience);
    try {
      return await stream.fetchPage(...asked);
    } finally {
      session.setLane('live');
    }
  };
  return { ...context, stream: { ...stream, fetchPage } };
}

/**
 * History is not urgent: where the budget ends in the middle of a page and the run cannot wait for it, the page is read
 * again by the next. What is stored of it by then is not asked for again, where records without their details would be
 * asked for one by one. What a context of this kind throws goes through `orRateLimited`.
 */
export function wholePages(context: IngestContext): IngestContext {
  const { details, ...stream } = context.stream;
  if (!details) return context;
  const fetch: typeof details.fetch = (...asked) =>
    details.fetch(...asked).catch((cause: unknown) => {
      throw cause instanceof RateLimited ? new AppError('the budget ended in the middle of a page', { cause }) : cause;
    });
  return { ...context, stream: { ...stream, details: { ...details, fetch } } };
}

export function orRateLimited(error: unknown): never {
  throw error instanceof AppError && error.cause instanceof RateLimited ? error.cause : error;
}

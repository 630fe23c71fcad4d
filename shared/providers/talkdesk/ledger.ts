import type { Ledger } from '../connector.ts';
import { ledgerPage, stampIn } from '../ledger-page.ts';
import { fetchPage, widestWindowMs } from './client.ts';
import { identify } from './normalize.ts';

/** As long an interaction is taken to last at most, milliseconds. */
export const longestMs = 24 * 3_600_000;

/**
 * Interactions by their start. Whether an interval bounds starts alone or ends too is not documented
 * (docs.talkdesk.com/docs/conversations-api), so the listing reaches as far behind the window as what began in it may last.
 */
export const ledger: Ledger = {
  stamp: 'startedAt',
  maxWindowMs: widestWindowMs - longestMs,
  stampOf: stampIn('started_at'),
  fetchPage: async (session, window, cursor) => {
    const page = await fetchPage(session, { from: window.from, to: window.to + longestMs }, cursor);
    return ledgerPage(page, window, { identify, field: 'started_at' });
  },
};

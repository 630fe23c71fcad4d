import type { Connector } from '../connector.ts';
import { ledgerPage, stampIn } from '../ledger-page.ts';
import { oneByOne } from '../one-by-one.ts';
import { rateLimit, readBudget } from './budget.ts';
import { fetchAgain, fetchDetail, fetchPage } from './client.ts';
import { identify, normalize } from './normalize.ts';
import { locateRecording } from './recording.ts';
import { webhook } from './webhook.ts';

const day = 86_400_000;
/** None is documented, and the walk goes by keys, so the width costs nothing. */
const maxWindowMs = 31 * day;

/** Magpipe voice agents, once Solo Mobile (facts: docs.magpipe.ai/api-reference/introduction). */
export const magpipe: Connector = {
  provider: 'magpipe',
  mapper: 1,
  promised: ['transcript', 'summary', 'sentiment', 'media:recording'],
  rateLimit,
  // Nothing is said of how long a call is kept.
  recordsSince: null,
  baseUrl: (connection) => connection.baseUrl ?? 'https://api.magpipe.ai/functions/v1',
  auth: { kind: 'token' },
  readBudget,
  streams: [
    {
      name: 'calls',
      maxWindowMs,
      // The list goes by creation, and a call changes until it has ended.
      lookbackMs: day,
      fetchPage,
      identify,
      details: oneByOne(fetchDetail),
      again: oneByOne(fetchAgain),
      hinted: oneByOne(fetchAgain),
      normalize,
      // The list goes by creation already.
      ledger: {
        stamp: 'providerCreatedAt',
        maxWindowMs,
        stampOf: stampIn('created_at'),
        fetchPage: async (session, window, cursor) =>
          ledgerPage(await fetchPage(session, window, cursor), window, { identify, field: 'created_at' }),
      },
    },
  ],
  media: { locate: locateRecording },
  webhook,
};

import type { Connector, FileReference, MediaSource } from '../connector.ts';
import { stampIn } from '../ledger-page.ts';
import { pathSegment } from '../path-segment.ts';
import { fetchAgain, fetchDetails, mostIds } from './client.ts';
import { fetchLedger, fetchPage, fetchSpan } from './listing.ts';
import { identify, normalize } from './normalize.ts';
import { webhook } from './webhook.ts';

const minute = 60_000;
const day = 86_400_000;
/** The lists go by their cursors, so the width of a window costs nothing. */
const maxWindowMs = 3_650 * day;

/** The bytes are where `/v1` has them; large ones it redirects to its bucket. */
const locate = async (_: unknown, { externalId, file }: FileReference): Promise<MediaSource> => ({
  from: 'account',
  path: `/v1/conversations/${pathSegment('id', externalId)}/media/${pathSegment('media.key', file.key)}`,
});

/** Another Earshot, read by its `/v1`: an archive copied between accounts and regions (docs/copying-an-archive.md). */
export const earshot: Connector = {
  provider: 'earshot',
  mapper: 1,
  promised: ['transcript', 'sentiment', 'categories', 'talkTime', 'summary'],
  // Its default for a client is 600 a minute; what is left is for a second runner's clock.
  rateLimit: { perMinute: 570 },
  recordsSince: null,
  baseUrl: ({ baseUrl }) => baseUrl ?? null,
  auth: {
    kind: 'clientCredentials',
    tokenUrl: ({ tokenUrl, baseUrl }) =>
      tokenUrl ?? (baseUrl === undefined ? null : `${baseUrl.replace(/\/+$/, '')}/oauth/token`),
    // All that the client has.
    scope: null,
  },
  // It tells only of a refusal, by 429 with Retry-After.
  readBudget: () => ({}),
  streams: [
    {
      name: 'conversations',
      maxWindowMs,
      // Its lists end 10 s before its now, and its clock may be ahead of ours by a little.
      lookbackMs: 2 * minute,
      fetchPage,
      fetchSpan,
      identify,
      details: { most: mostIds, fetch: fetchDetails },
      again: { most: mostIds, fetch: fetchAgain },
      hinted: { most: mostIds, fetch: fetchAgain },
      normalize,
      ledger: { stamp: 'startedAt', maxWindowMs, fetchPage: fetchLedger, stampOf: stampIn('startedAt') },
    },
  ],
  media: { locate },
  webhook,
};

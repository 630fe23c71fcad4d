import type { Connection } from '#shared/domain/connections.ts';
import type { Connector } from '../connector.ts';
import { oneByOne } from '../one-by-one.ts';
import { fetchAgain, fetchDetail, fetchPage, widestWindowMs } from './client.ts';
import { fetchHinted, mostHints } from './hinted.ts';
import { ledger, longestMs } from './ledger.ts';
import { identify, normalize } from './normalize.ts';
import { locate } from './recordings.ts';
import { webhook } from './webhook.ts';

/** Hosts by region (docs.talkdesk.com/docs/how-to-guarantee-your-app-works-in-all-regions). */
const regions: ReadonlyMap<string, { api: string; identity: string }> = new Map([
  ['us', { api: 'api.talkdeskapp.com', identity: 'talkdeskid.com' }],
  ['eu', { api: 'api.talkdeskapp.eu', identity: 'talkdeskid.eu' }],
  ['ca', { api: 'api.talkdeskappca.com', identity: 'talkdeskidca.com' }],
]);

const regionOf = ({ region = 'us' }: Connection) => regions.get(region);

function baseUrl(connection: Connection): string | null {
  const region = regionOf(connection);
  return connection.baseUrl ?? (region ? `https://${region.api}` : null);
}

function tokenUrl(connection: Connection): string | null {
  const region = regionOf(connection);
  const host = region && connection.account ? `${connection.account}.${region.identity}` : null;
  return connection.tokenUrl ?? (host ? `https://${host}/oauth/token` : null);
}

/** Talkdesk Conversations API (facts: docs.talkdesk.com/reference/retrieve-all-interactions). */
export const talkdesk: Connector = {
  provider: 'talkdesk',
  mapper: 1,
  promised: ['transcript', 'sentiment', 'media:recording'],
  // Undocumented for this endpoint; other pages of Talkdesk name 2 to 10 requests a second.
  rateLimit: { perMinute: 600 },
  // docs.talkdesk.com/docs/conversations-api
  recordsSince: Date.UTC(2023, 4, 1),
  baseUrl,
  // Without a scope the token holds all that are granted: an account without `recordings:read` is no fault.
  auth: { kind: 'clientCredentials', tokenUrl, scope: null },
  // No rate headers are documented.
  readBudget: () => ({}),
  streams: [
    {
      name: 'interactions',
      maxWindowMs: widestWindowMs,
      // Messages come after the call, and interactions are listed by start or by end: this covers both.
      lookbackMs: longestMs,
      fetchPage,
      identify,
      details: oneByOne(fetchDetail),
      again: oneByOne(fetchAgain),
      hinted: { most: mostHints, fetch: fetchHinted },
      normalize,
      ledger,
    },
  ],
  media: { locate },
  webhook,
};

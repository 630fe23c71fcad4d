import type { Connection } from '#shared/domain/connections.ts';
import type { Connector } from '../connector.ts';
import { ledgerPage, stampIn } from '../ledger-page.ts';
import { mostGuids } from './analyses.ts';
import { fetchAgain, fetchDetails, fetchPage, widestWindowMs } from './client.ts';
import { locate } from './files.ts';
import { fetchHinted } from './hinted.ts';
import { lookbackMs } from './late-files.ts';
import { identify, normalize } from './normalize.ts';
import { webhook } from './webhook.ts';

/** Subdomains of both hosts (docs: user-admin.developer.newvoicemedia.com/docs/getting-started). */
const regions: ReadonlySet<string> = new Set(['emea', 'nam', 'apac']);

const regionOf = ({ region }: Connection): string | null => (region && regions.has(region) ? region : null);

function baseUrl(connection: Connection): string | null {
  const region = regionOf(connection);
  return connection.baseUrl ?? (region && `https://${region}.api.newvoicemedia.com`);
}

function tokenUrl(connection: Connection): string | null {
  const region = regionOf(connection);
  return connection.tokenUrl ?? (region && `https://${region}.cc.vonage.com/Auth/connect/token`);
}

/**
 * Vonage Contact Center, one connector over two APIs: Interaction Content lists interactions and their files, Conversation
 * Analyzer says what was said in them (facts: docs-vcc.atlassian.net/wiki/x/RQKf1).
 */
export const vonage: Connector = {
  provider: 'vonage',
  mapper: 1,
  promised: ['transcript', 'sentiment', 'categories', 'talkTime'],
  // The vendor's own code sends at most 160 a minute; the limit is shared by all APIs and integrations of an account.
  rateLimit: { perMinute: 120 },
  // Each kind of file is kept for a time of its own, most by contract; of the list itself nothing is said.
  recordsSince: null,
  baseUrl,
  auth: { kind: 'clientCredentials', tokenUrl, scope: 'interaction-content:read' },
  // Asked for with files too (docs-vcc.atlassian.net/wiki/x/WwCo1).
  accept: 'application/vnd.newvoicemedia.v3+json',
  // No rate headers are documented.
  readBudget: () => ({}),
  streams: [
    {
      name: 'interactions',
      maxWindowMs: widestWindowMs,
      lookbackMs,
      fetchPage,
      identify,
      details: { most: mostGuids, fetch: fetchDetails },
      again: { most: mostGuids, fetch: fetchAgain },
      hinted: { most: mostGuids, fetch: fetchHinted },
      normalize,
      // The list goes by the start already.
      ledger: {
        stamp: 'startedAt',
        maxWindowMs: widestWindowMs,
        stampOf: stampIn('start'),
        fetchPage: async (session, window, cursor) =>
          ledgerPage(await fetchPage(session, window, cursor), window, { identify, field: 'start' }),
      },
    },
  ],
  media: { locate },
  webhook,
};

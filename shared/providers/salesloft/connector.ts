import type { BudgetReport, Connector, Headers } from '../connector.ts';
import { stampIn } from '../ledger-page.ts';
import { oneByOne } from '../one-by-one.ts';
import { fetchAgain, fetchDetail, fetchLedger, fetchPage, fetchSpan } from './client.ts';
import { locate } from './media.ts';
import { identify, normalize } from './normalize.ts';
import { webhook } from './webhook.ts';

const minute = 60_000;
const day = 86_400_000;
/** The walks go by keys, so the width of a window costs nothing. */
const maxWindowMs = 3_650 * day;

function count(header: string | undefined): number | undefined {
  return header !== undefined && /^\d{1,9}$/.test(header.trim()) ? Number(header) : undefined;
}

/** Every answer tells its cost and what is left of the team's minute. */
function readBudget(headers: Headers): BudgetReport {
  const cost = count(headers['x-ratelimit-endpoint-cost']);
  const remainingMinute = count(headers['x-ratelimit-remaining-minute']);
  return { ...(cost !== undefined && { cost }), ...(remainingMinute !== undefined && { remainingMinute }) };
}

/** Salesloft Conversations (facts: developers.salesloft.com/docs/api/conversations-find-all). */
export const salesloft: Connector = {
  provider: 'salesloft',
  mapper: 1,
  promised: ['transcript', 'summary', 'media:recording', 'media:transcriptArtifact'],
  // Cost points a minute, shared by all integrations of a team.
  rateLimit: { perMinute: 600 },
  // Nothing is said of how long a conversation is kept.
  recordsSince: null,
  baseUrl: (connection) => connection.baseUrl ?? 'https://api.salesloft.com/v2',
  auth: {
    kind: 'clientCredentials',
    tokenUrl: (connection) => connection.tokenUrl ?? 'https://accounts.salesloft.com/oauth/token',
    scope: 'conversations:read',
  },
  readBudget,
  streams: [
    {
      name: 'conversations',
      maxWindowMs,
      // The list goes by `updated_at`, so a late row is one that a lagging replica held back.
      lookbackMs: 10 * minute,
      fetchPage,
      fetchSpan,
      identify,
      details: oneByOne(fetchDetail),
      again: oneByOne(fetchAgain),
      hinted: oneByOne(fetchAgain),
      normalize,
      ledger: { stamp: 'providerCreatedAt', maxWindowMs, fetchPage: fetchLedger, stampOf: stampIn('created_at') },
    },
  ],
  media: { locate },
  webhook,
};

import type { Connector } from '../connector.ts';
import { oneByOne } from '../one-by-one.ts';
import { rateLimit, readBudget } from './budget.ts';
import { fetchAgain, fetchDetail, fetchPage } from './client.ts';
import { identify, normalize } from './normalize.ts';
import { locateRecording } from './recording.ts';
import { webhook } from './webhook.ts';

const day = 86_400_000;

/** Magpipe voice agents, once Solo Mobile (facts: docs.magpipe.ai/api-reference/introduction). */
export const magpipe: Connector = {
  provider: 'magpipe',
  promised: ['transcript', 'summary', 'sentiment', 'media:recording'],
  rateLimit,
  baseUrl: (connection) => connection.baseUrl ?? 'https://api.magpipe.ai/functions/v1',
  auth: { kind: 'token' },
  readBudget,
  streams: [
    {
      name: 'calls',
      // No widest window is documented, and the walk goes by keys, so the width costs nothing.
      maxWindowMs: 31 * day,
      // The list goes by creation, and a call changes until it has ended.
      lookbackMs: day,
      fetchPage,
      identify,
      details: oneByOne(fetchDetail),
      again: oneByOne(fetchAgain),
      hinted: oneByOne(fetchAgain),
      normalize,
    },
  ],
  media: { locate: locateRecording },
  webhook,
};

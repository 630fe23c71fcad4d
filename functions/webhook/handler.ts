import * as z from 'zod';
import { env } from '#shared/facts/env.ts';
import { findConnector } from '#shared/providers/registry.ts';
import { loadConnections } from '#shared/runtime/connections.ts';
import { requireEnv } from '#shared/runtime/env.ts';
import { openJobQueue } from '#shared/storage/job-queue.ts';
import { openBucket } from '#shared/storage/open-bucket.ts';
import { openSecrets } from '#shared/storage/secrets.ts';
import { openAccounts } from './accounts.ts';
import { openInbox } from './inbox.ts';
import { openJudge } from './judge.ts';
import { serveWebhooks } from './serve.ts';

const now = (): number => Date.now();
const addresses = z.record(z.string(), z.string()).parse(JSON.parse(requireEnv(env.inboxQueues)));
const queues = new Map(Object.entries(addresses).map(([provider, url]) => [provider, openJobQueue(url)]));

/** A delivery to `/webhooks/{connection}`. */
export const handler = serveWebhooks({
  find: openAccounts(loadConnections().connections, findConnector),
  judge: openJudge(openSecrets(now)),
  keep: openInbox(openBucket(), queues),
  now,
});

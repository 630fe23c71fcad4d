import * as z from 'zod';
import { ConfigInvalid } from '#shared/domain/errors.ts';
import { env } from '#shared/facts/env.ts';
import { clockFrom } from '#shared/http/clock.ts';
import { createTokenCache } from '#shared/http/oauth.ts';
import { openSession } from '#shared/ingest/session.ts';
import { findConnector } from '#shared/providers/registry.ts';
import { loadConnections } from '#shared/runtime/connections.ts';
import { findEnv, requireEnv } from '#shared/runtime/env.ts';
import { workHandler } from '#shared/runtime/handlers.ts';
import { openStore } from '#shared/storage/document-client.ts';
import { openDriftNotes } from '#shared/storage/drift.ts';
import { openJobQueue, sendJobs } from '#shared/storage/job-queue.ts';
import { openSecrets } from '#shared/storage/secrets.ts';
import { pollConnection } from './poll-connection.ts';

const eventSchema = z.object({ connection: z.string() });

const store = openStore();
const noteDrift = openDriftNotes(store);
const clock = clockFrom(() => Date.now());
const secrets = openSecrets(clock.now);
const tokens = createTokenCache(clock);
const settleMs = Number(requireEnv(env.settleMs));
const mediaQueueUrl = findEnv(env.mediaQueue);
/** Where no connection wants media there is no queue, and no file to be copied. */
const mediaQueue = mediaQueueUrl === undefined ? null : openJobQueue(mediaQueueUrl);

/** Time kept back for the run to end itself: its last page, its checkpoint, its lease. */
const reserveMs = 15_000;

/** A schedule's tick for one connection. */
export const handler = workHandler(async (event: unknown, context) => {
  const { connection: id } = eventSchema.parse(event);
  const connection = loadConnections().connections.find((candidate) => candidate.id === id);
  if (!connection) throw new ConfigInvalid([`connection ${id} is not in this function's connections`]);
  const connector = findConnector(connection.provider);
  if (!connector) throw new ConfigInvalid([`connection ${id}: there is no connector for ${connection.provider}`]);
  const announced = new Set<string>();
  const summaries = await pollConnection({
    connection,
    connector,
    openSession: () => openSession(connection, connector, { store, secrets, tokens, clock, announced }),
    store,
    now: clock.now,
    deadline: clock.now() + context.getRemainingTimeInMillis() - reserveMs,
    slowPutMs: settleMs / 2,
    requestCopies: async (jobs) => {
      if (mediaQueue) await sendJobs(mediaQueue, jobs);
    },
  });
  for (const drift of [announced, ...summaries.map((summary) => summary.drift)]) {
    await noteDrift(connection, drift, clock.now());
  }
});

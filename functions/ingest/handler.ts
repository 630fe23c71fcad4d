import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import type { Connection } from '#shared/domain/connections.ts';
import { ConfigInvalid } from '#shared/domain/errors.ts';
import { retrySeconds } from '#shared/domain/retry-seconds.ts';
import { env } from '#shared/facts/env.ts';
import { clockFrom } from '#shared/http/clock.ts';
import { createTokenCache } from '#shared/http/oauth.ts';
import { openSession } from '#shared/ingest/session.ts';
import type { Connector, Session } from '#shared/providers/connector.ts';
import { findConnector } from '#shared/providers/registry.ts';
import { loadConnections } from '#shared/runtime/connections.ts';
import { requireEnv } from '#shared/runtime/env.ts';
import { workHandler } from '#shared/runtime/handlers.ts';
import type { BudgetLane } from '#shared/storage/budget-share.ts';
import { openStore } from '#shared/storage/document-client.ts';
import { openDriftNotes } from '#shared/storage/drift.ts';
import { openJobQueue, retryAfter, sendJobs } from '#shared/storage/job-queue.ts';
import { openSecrets } from '#shared/storage/secrets.ts';
import type { Inbox } from './inbox.ts';
import { workMessage } from './work-message.ts';

const store = openStore();
const clock = clockFrom(() => Date.now());
const secrets = openSecrets(clock.now);
const tokens = createTokenCache(clock);
const slowPutMs = Number(requireEnv(env.settleMs)) / 2;
const noteDrift = openDriftNotes(store);
const queue = openJobQueue(requireEnv(env.inboxQueue));

/** A batch of webhook deliveries of one provider. */
export const handler = workHandler(async ({ Records }: SQSEvent): Promise<SQSBatchResponse> => {
  const inbox: Inbox = {
    ...{ store, now: clock.now, random: clock.random, slowPutMs, accountOf, noteDrift },
    openSession: onceEach(openAccount),
    sendAgain: (job, delaySeconds) => sendJobs(queue, [job], delaySeconds),
  };
  const failures = await Promise.all(
    Records.map(async (record) => {
      if (await workMessage(inbox, record)) return [];
      const seconds = retrySeconds(Number(record.attributes.ApproximateReceiveCount));
      // Without it the message comes again later: no reason to lose the report of its failure.
      await retryAfter(queue, record.receiptHandle, seconds).catch(() => undefined);
      return [{ itemIdentifier: record.messageId }];
    }),
  );
  return { batchItemFailures: failures.flat() };
});

function accountOf(id: string): { connection: Connection; connector: Connector } {
  const connection = loadConnections().connections.find((candidate) => candidate.id === id);
  if (!connection) throw new ConfigInvalid([`connection ${id} is not in this function's connections`]);
  const connector = findConnector(connection.provider);
  if (!connector) throw new ConfigInvalid([`connection ${id}: there is no connector for ${connection.provider}`]);
  return { connection, connector };
}

async function openAccount(id: string, lane: BudgetLane): Promise<Session> {
  const { connection, connector } = accountOf(id);
  return openSession(connection, connector, { store, secrets, tokens, clock, lane });
}

/** One session for all deliveries of a batch to a connection: each takes from the budget with a write of its own. */
function onceEach(open: Inbox['openSession']): Inbox['openSession'] {
  const opened = new Map<string, Promise<Session>>();
  return (id, lane) => {
    const name = `${lane} ${id}`;
    const session = opened.get(name) ?? open(id, lane);
    opened.set(name, session);
    return session;
  };
}

import type { Hint, InboxJob } from '#shared/domain/delivery.ts';
import { AppError, RequestRejected } from '#shared/domain/errors.ts';
import { ingestHints } from '#shared/ingest/ingest-hint.ts';
import type { Connector } from '#shared/providers/connector.ts';
import { tellRestless } from '#shared/runtime/tell-restless.ts';
import { isDeliveryKnown } from '#shared/storage/deliveries.ts';
import { getInboxObject } from '#shared/storage/inbox-objects.ts';
import { dropBody, keepPayload, settle, wait, waitOrThrow } from './end-delivery.ts';
import type { DeliveryEnd, Inbox } from './inbox.ts';
import { earlySeconds, waitAfter, waitSeconds } from './waiting.ts';

/**
 * Works one delivery off: asks for what it hints at, ingests that, and then remembers the delivery and drops its body, in
 * this order, so that stopping anywhere only has it worked off again, which changes nothing. What has to wait for the
 * provider, the budget or a person is sent again, so that it never counts as failed. `tell` hears what it is about as soon
 * as that is known. Throws what makes the delivery a failed one.
 */
export async function workDelivery(
  inbox: Inbox,
  job: InboxJob,
  tell: (hints: readonly Hint[]) => void,
): Promise<DeliveryEnd> {
  if (await isDeliveryKnown(inbox.store, job)) return endKnown(inbox, job);
  const { connection, connector } = inbox.accountOf(job.connection);
  if (connection.paused) {
    const paused = new AppError(`connection ${connection.id} is paused`);
    return waitOrThrow(inbox, job, { code: 'paused', seconds: waitSeconds(job.waits) }, paused);
  }
  const body = 'body' in job ? job.body : await getInboxObject(inbox.store, job.object);
  if (body === null) {
    // A twin has worked it off since we looked.
    if (await isDeliveryKnown(inbox.store, job)) return endKnown(inbox, job);
    throw new AppError(`connection ${connection.id}: the body of a delivery is gone from the bucket`);
  }
  const { event, isSigned } = job;
  const hints = connector.webhook.hints({ event, isSigned, body: parseOrNull(body) });
  tell(hints);
  if (hints.length === 0) return settle(inbox, job, { end: 'noHints' });
  try {
    return await fetchTruth(inbox, job, { connector, hints, body });
  } catch (error) {
    const waiting = waitAfter(error, job.waits, inbox.random());
    if (waiting) return waitOrThrow(inbox, job, waiting, error);
    // Anybody may have sent an id that the provider will not even look at.
    if (!job.isSigned && error instanceof RequestRejected) return settle(inbox, job, { end: 'givenUp' });
    throw error;
  }
}

type Read = { connector: Connector; hints: readonly Hint[]; body: string };

async function fetchTruth(inbox: Inbox, job: InboxJob, { connector, hints, body }: Read): Promise<DeliveryEnd> {
  const { store, now, slowPutMs } = inbox;
  // Nobody vouches for an unsigned one: it takes nothing from the polls.
  const session = await inbox.openSession(job.connection, job.isSigned ? 'live' : 'backfill');
  const work = { key: [job.key], at: job.receivedAt };
  const onRestless = tellRestless(job.connection);
  const ends = await ingestHints({ connector, session, store, now, slowPutMs, work, onRestless }, hints);
  const missing = ends.flatMap(({ hint, became }) => (became === 'notThere' ? [hint] : []));
  const seconds = earlySeconds(job.waits);
  if (missing.length > 0 && job.isSigned && seconds !== undefined) return wait(inbox, job, 'notThere', seconds);
  await keepPayload(inbox, job, body, missing);
  await inbox.noteDrift(session.connection, new Set(ends.flatMap(({ drift }) => drift)), now());
  return settle(inbox, job, { end: 'done', ends });
}

async function endKnown(inbox: Inbox, job: InboxJob): Promise<DeliveryEnd> {
  await dropBody(inbox, job);
  return { end: 'known' };
}

/** A body that is no JSON is about nothing. */
function parseOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

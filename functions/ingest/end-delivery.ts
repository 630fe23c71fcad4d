import type { Hint, InboxJob } from '#shared/domain/delivery.ts';
import { rememberDelivery } from '#shared/storage/deliveries.ts';
import { deleteInboxObject } from '#shared/storage/inbox-objects.ts';
import { quarantine } from '#shared/storage/quarantine.ts';
import type { DeliveryEnd, Inbox } from './inbox.ts';
import { isTooOld } from './waiting.ts';

/** Removes what the bucket holds of a delivery that is remembered. */
export async function dropBody({ store }: Inbox, job: InboxJob): Promise<void> {
  if ('object' in job) await deleteInboxObject(store, job.object);
}

/** The work is done: the delivery is remembered, and then its body may go. */
export async function settle<End extends DeliveryEnd>(inbox: Inbox, job: InboxJob, end: End): Promise<End> {
  await rememberDelivery(inbox.store, job, inbox.now());
  await dropBody(inbox, job);
  return end;
}

/** Sends the delivery again: the new message is in the queue before the old one is done. */
export async function wait(inbox: Inbox, job: InboxJob, code: string, seconds: number): Promise<DeliveryEnd> {
  await inbox.sendAgain({ ...job, waits: job.waits + 1 }, seconds);
  return { end: 'waits', code, seconds };
}

/** Waits, unless it has waited for as long as it may: then `error` is thrown, or an unsigned one forgotten. */
export async function waitOrThrow(
  inbox: Inbox,
  job: InboxJob,
  { code, seconds }: { code: string; seconds: number },
  error: unknown,
): Promise<DeliveryEnd> {
  if (!isTooOld(job, inbox.now())) return wait(inbox, job, code, seconds);
  if (job.isSigned) throw error;
  return settle(inbox, job, { end: 'givenUp' });
}

/** Stream name under which payloads are quarantined of which the provider does not have the record. */
const payloads = 'webhook';

/**
 * Keeps what a genuine payload says of conversations that the provider does not have (any more): it is all there is of
 * them. One that told of a conversation that goes on says nothing yet.
 */
export async function keepPayload(
  { store, now }: Inbox,
  job: InboxJob,
  body: string,
  missing: readonly Hint[],
): Promise<void> {
  if (!job.isSigned) return;
  const reason = 'the provider does not give this conversation: what a webhook said of it is kept';
  for (const { externalId } of missing.filter(({ isEarly }) => !isEarly)) {
    await quarantine(store, { connection: job.connection, stream: payloads, externalId, reason, raw: body }, now());
  }
}

import { workDelivery } from '#functions/ingest/work-delivery.ts';
import { openAccounts } from '#functions/webhook/accounts.ts';
import { openInbox } from '#functions/webhook/inbox.ts';
import { openJudge } from '#functions/webhook/judge.ts';
import { receive } from '#functions/webhook/receive.ts';
import { openSession, type SessionOptions } from '#shared/ingest/session.ts';
import { openDriftNotes } from '#shared/storage/drift.ts';
import { sendJobs } from '#shared/storage/job-queue.ts';
import type { Deployed } from './deployed.ts';
import { passGate } from './gate.ts';
import { workNext } from './work-next.ts';
import type { SentHook } from './world.ts';

/** Sends what its sender has no answer to yet, as it does until it has one: a 202, or a refusal. */
export async function sendHooks(deployed: Deployed, unanswered: Set<SentHook>): Promise<void> {
  const { world, connector, store, clock, inbox } = deployed;
  const { connection } = world;
  const desk = {
    find: openAccounts([connection], () => connector),
    judge: openJudge({ read: async () => world.hooks?.secret ?? '' }),
    keep: openInbox(store, new Map([[connection.provider, inbox.queue]])),
    now: clock.now,
  };
  for (const hook of [...unanswered]) {
    const { refusal } = await receive(desk, {
      ...{ method: 'POST', path: `/webhooks/${connection.id}` },
      ...{ headers: hook.headers, body: Buffer.from(hook.body) },
    });
    if ((refusal === null) !== hook.isGenuine) throw new Error(`a delivery was answered with ${refusal ?? 202}`);
    await passGate('Answer', async () => unanswered.delete(hook));
  }
}

/** Works a delivery off, as functions/ingest/handler.ts does. False where there is none to be seen. */
export function ingestNext(deployed: Deployed, options: SessionOptions): Promise<boolean> {
  const { world, connector, store, clock, inbox } = deployed;
  const { connection } = world;
  const run = {
    ...{ store, now: clock.now, random: clock.random, slowPutMs: 5_000 },
    accountOf: () => ({ connection, connector }),
    openSession: () => openSession(connection, connector, options),
    sendAgain: (job: object, delaySeconds: number) => sendJobs(inbox.queue, [{ ...job }], delaySeconds),
    noteDrift: openDriftNotes(store),
  };
  return workNext(inbox, clock, (job) => workDelivery(run, job, () => {}));
}

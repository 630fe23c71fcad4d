import { inboxJobSchema } from '#shared/domain/delivery.ts';
import { conversationUuid } from '#shared/domain/identity.ts';
import type { Connector } from '#shared/providers/connector.ts';
import { deleteInboxObject, getInboxObject } from '#shared/storage/inbox-objects.ts';
import type { JobQueue } from '#shared/storage/job-queue.ts';
import type { Bucket } from '#shared/storage/media-objects.ts';
import { nameDelivery } from '../letter-names.ts';

/** Deliveries of one provider that failed for good. */
export type DeadInbox = {
  dead: JobQueue;
  /** the conversations that a message is about, and what its sender sent */
  readLetter: (body: string) => Promise<{ uuids: readonly string[]; raw: string }>;
  /** removes what of a message lies in the bucket */
  dropBody: (body: string) => Promise<void>;
};

export function deadInbox(dead: JobQueue, bucket: Bucket, connector: Connector): DeadInbox {
  const nameOf = nameDelivery(bucket, connector);
  const jobOf = (body: string) => inboxJobSchema.safeParse(jsonOf(body)).data;
  return {
    dead,
    readLetter: async (body) => {
      const { conversations } = await nameOf(body);
      const job = jobOf(body);
      const sent = job && ('body' in job ? job.body : await getInboxObject(bucket, job.object));
      return { uuids: conversations.map(conversationUuid), raw: sent ?? body };
    },
    dropBody: async (body) => {
      const job = jobOf(body);
      if (job && 'object' in job) await deleteInboxObject(bucket, job.object);
    },
  };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

import { inboxJobSchema } from '#shared/domain/delivery.ts';
import { conversationId } from '#shared/domain/identity.ts';
import { mediaJobSchema } from '#shared/domain/media-job.ts';
import { operationJobSchema } from '#shared/domain/operation.ts';
import type { Connector } from '#shared/providers/connector.ts';
import { getInboxObject } from '#shared/storage/inbox-objects.ts';
import type { Bucket } from '#shared/storage/media-objects.ts';
import type { LetterNames } from './wanted-ids.ts';

/** What a dead message is known by, from its body. A body that says nothing has no names. */
export type NameLetter = (body: string) => Promise<LetterNames>;

const nameless: LetterNames = { conversations: [], others: [] };

export const nameMediaJob: NameLetter = async (body) => {
  const job = mediaJobSchema.safeParse(jsonOf(body)).data;
  return job ? { conversations: [job.uuid], others: [] } : nameless;
};

export const nameOperation: NameLetter = async (body) => {
  const job = operationJobSchema.safeParse(jsonOf(body)).data;
  return job ? { conversations: [], others: [job.id] } : nameless;
};

/** A webhook's delivery is about the conversations that its provider's hints name. */
export const nameDelivery =
  (bucket: Bucket, connector: Connector): NameLetter =>
  async (body) => {
    const job = inboxJobSchema.safeParse(jsonOf(body)).data;
    if (!job) return nameless;
    const raw = 'body' in job ? job.body : await getInboxObject(bucket, job.object);
    const { connection, key, event, isSigned } = job;
    const hints = raw === null ? [] : connector.webhook.hints({ event, isSigned, body: jsonOf(raw) });
    return { conversations: hints.map(({ externalId }) => conversationId(connection, externalId)), others: [key] };
  };

/** Undefined where a text is no JSON. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

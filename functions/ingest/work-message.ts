import type { SQSRecord } from 'aws-lambda';
import { type InboxJob, inboxJobSchema } from '#shared/domain/delivery.ts';
import { conversationId } from '#shared/domain/identity.ts';
import { logged } from '#shared/facts/logged.ts';
import { mostReceives } from '#shared/facts/queues.ts';
import type { HintEnd } from '#shared/ingest/ingest-hint.ts';
import { errorFields } from '#shared/runtime/error-fields.ts';
import { type LogFields, logError, logInfo } from '#shared/runtime/log.ts';
import type { DeliveryEnd, Inbox } from './inbox.ts';
import { workDelivery } from './work-delivery.ts';

/** Conversations that one line names. */
const mostNamed = 10;

/** Works one message off, with a line that says what came of it; false where it failed and must come again. */
export async function workMessage(
  inbox: Inbox,
  { body, attributes }: Pick<SQSRecord, 'body' | 'attributes'>,
): Promise<boolean> {
  const begun = inbox.now();
  const named: LogFields = {};
  const about: LogFields = {};
  try {
    const job: InboxJob = inboxJobSchema.parse(JSON.parse(body));
    named.connection = job.connection;
    const end = await workDelivery(inbox, job, (hints) => {
      const ids = hints.slice(0, mostNamed).map(({ externalId }) => conversationId(job.connection, externalId));
      about.conversations = ids.join(' ');
    });
    logInfo('delivery worked off', { ...named, ...fieldsOf(end), runMs: inbox.now() - begun });
    return true;
  } catch (error) {
    // A dead letter says nothing of why it is one: this line does.
    const isLast = Number(attributes.ApproximateReceiveCount) >= mostReceives;
    const message = isLast ? 'delivery is a dead letter' : 'delivery failed';
    logError(message, { ...named, ...about, ...errorFields(error) });
    return false;
  }
}

function fieldsOf(ended: DeliveryEnd): LogFields {
  if (ended.end === 'waits') return { stopped: ended.code, waitMs: ended.seconds * 1_000 };
  const ends = ended.end === 'done' ? ended.ends : [];
  const countOf = (became: HintEnd['became']): number => ends.filter((each) => each.became === became).length;
  return {
    stopped: ended.end,
    hintCount: ends.length,
    discoveredCount: countOf('discovered'),
    updatedCount: countOf('updated'),
    unchangedCount: countOf('unchanged'),
    erasedCount: countOf('erased'),
    [logged.quarantined]: countOf('quarantined'),
    notThereCount: countOf('notThere'),
    driftCount: new Set(ends.flatMap(({ drift }) => drift)).size,
  };
}

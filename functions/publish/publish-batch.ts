import type { DynamoDBBatchResponse, DynamoDBRecord } from 'aws-lambda';
import type { Transition } from '#shared/domain/conversation-events.ts';
import { toTransition } from '#shared/storage/outbox.ts';
import { askForCopies, type MediaQueues } from './ask-for-copies.ts';
import { type Bus, putEvents } from './put-events.ts';

/** Where the outbox leads. */
export type Outlets = { bus: Bus; queues: MediaQueues };

/**
 * Sends out a batch of the table's stream: the events of its steps, then their copy jobs. The batch ends at the first
 * step that misses either, and Lambda brings everything from its record on again. Events go first, since nothing else
 * sends them; a copy that no queue took the due lane asks for once more.
 */
export async function publishBatch(
  { bus, queues }: Outlets,
  records: readonly DynamoDBRecord[],
): Promise<DynamoDBBatchResponse> {
  const steps = records.flatMap(toStep);
  const transitions = steps.map(({ transition }) => transition);
  const told = await putEvents(bus, transitions);
  const done = await askForCopies(queues, transitions.slice(0, told));
  const failed = steps[done];
  return { batchItemFailures: failed ? [{ itemIdentifier: failed.sequence }] : [] };
}

/** None for a record of another item. */
function toStep(record: DynamoDBRecord): { sequence: string; transition: Transition }[] {
  const transition = toTransition(record);
  return transition ? [{ sequence: record.dynamodb?.SequenceNumber ?? '', transition }] : [];
}

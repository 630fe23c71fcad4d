import type { DynamoDBBatchResponse, DynamoDBRecord } from 'aws-lambda';
import { stateEvent } from '#shared/domain/connection-events.ts';
import { conversationEvents, erasedEvent } from '#shared/domain/conversation-events.ts';
import { copiesWanted } from '#shared/domain/copies-wanted.ts';
import { driftEvent } from '#shared/domain/drift.ts';
import type { EarshotEvent } from '#shared/domain/events.ts';
import { windowEvent } from '#shared/domain/window-events.ts';
import { appendEvents } from '#shared/storage/event-log.ts';
import type { JobQueue } from '#shared/storage/job-queue.ts';
import type { Bucket } from '#shared/storage/media-objects.ts';
import { toErased, toTransition } from '#shared/storage/outbox.ts';
import { toDrift, toOperationJob, toStateChange, toWindowReading } from '#shared/storage/outbox-items.ts';
import { askForWork, type Wanted } from './ask-for-work.ts';
import { type Bus, putEvents } from './put-events.ts';

/** Where the outbox leads. */
export type Outlets = {
  bus: Bus;
  /** where the event log lies */
  log: Bucket;
  /** the queues of copy jobs by provider; of a provider that has none no copies are wanted */
  queues: ReadonlyMap<string, JobQueue>;
  /** the queue of operations */
  operations: JobQueue;
};

/**
 * Sends out a batch of the table's stream: the events of its steps, which it then adds to the event log, and the jobs
 * that they ask for. The batch ends at the first step that misses any of these, and Lambda brings everything from its
 * record on again: events with the same ids, log objects under the same or another name, jobs that find their work done.
 * Events go first, since nothing else sends them; a copy that no queue took the due lane asks for once more.
 */
export async function publishBatch(
  outlets: Outlets,
  records: readonly DynamoDBRecord[],
): Promise<DynamoDBBatchResponse> {
  const steps = records.map((record) => toStep(outlets, record));
  const events = steps.flatMap((step) => step.events);
  const told = events.slice(0, await putEvents(outlets.bus, events));
  await appendEvents(outlets.log, records[0]?.dynamodb?.SequenceNumber ?? '', told);
  const missed = new Set(events.slice(told.length));
  const first = steps.findIndex((step) => step.events.some((event) => missed.has(event)));
  const whole = first === -1 ? steps : steps.slice(0, first);
  const failed = steps[await askForWork(whole.map(({ wanted }) => wanted))];
  return { batchItemFailures: failed ? [{ itemIdentifier: failed.sequence }] : [] };
}

type Step = { sequence: string; events: readonly EarshotEvent[]; wanted: readonly Wanted[] };

/** What a record of the stream makes to be sent; nothing for one that nobody hears of. */
function toStep(outlets: Outlets, record: DynamoDBRecord): Step {
  const sequence = record.dynamodb?.SequenceNumber ?? '';
  const transition = toTransition(record);
  if (transition) {
    const queue = outlets.queues.get(transition.after.provider);
    const wanted = queue ? copiesWanted(transition).map((job) => ({ queue, job })) : [];
    return { sequence, events: conversationEvents(transition), wanted };
  }
  const erased = toErased(record);
  const job = toOperationJob(record);
  const change = toStateChange(record);
  const drift = toDrift(record);
  const reading = toWindowReading(record);
  return {
    sequence,
    events: [
      ...(erased ? [erasedEvent(erased)] : []),
      ...(change ? [stateEvent(change)] : []),
      ...(drift ? [driftEvent(drift)] : []),
      ...(reading ? [windowEvent(reading)] : []),
    ],
    wanted: job ? [{ queue: outlets.operations, job }] : [],
  };
}

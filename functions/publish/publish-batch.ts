import { type EventBridgeClient, PutEventsCommand, type PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import type { DynamoDBBatchResponse, DynamoDBRecord } from 'aws-lambda';
import { conversationEvents } from '#shared/domain/conversation-events.ts';
import type { ConversationEvent } from '#shared/domain/events.ts';
import { eventSource } from '#shared/facts/events.ts';
import { toTransition } from '#shared/storage/outbox.ts';

export type Bus = { client: EventBridgeClient; name: string };

/** Entries that one PutEvents takes. */
const entryLimit = 10;

type Entry = { sequence: string; event: ConversationEvent };

/**
 * Puts the events of a batch on the bus in order. PutEvents reports failures in its answer and does not throw: at the
 * first entry that was refused the batch ends, and Lambda brings everything from its record on again, so no later
 * event of a conversation passes an earlier one.
 */
export async function publishBatch(bus: Bus, records: readonly DynamoDBRecord[]): Promise<DynamoDBBatchResponse> {
  const entries = records.flatMap((record): Entry[] => {
    const sequence = record.dynamodb?.SequenceNumber ?? '';
    const transition = toTransition(record);
    return transition ? conversationEvents(transition).map((event) => ({ sequence, event })) : [];
  });
  for (let i = 0; i < entries.length; i += entryLimit) {
    const part = entries.slice(i, i + entryLimit);
    const answer = await bus.client.send(
      new PutEventsCommand({ Entries: part.map(({ event }) => toEntry(bus, event)) }),
    );
    const failed = answer.Entries?.findIndex(({ ErrorCode: code }) => code !== undefined) ?? -1;
    const refused = part[failed === -1 && answer.FailedEntryCount ? 0 : failed];
    if (refused) return { batchItemFailures: [{ itemIdentifier: refused.sequence }] };
  }
  return { batchItemFailures: [] };
}

const toEntry = (bus: Bus, event: ConversationEvent): PutEventsRequestEntry => ({
  EventBusName: bus.name,
  Source: eventSource,
  DetailType: event.type,
  Time: new Date(event.time),
  Detail: JSON.stringify(event),
});

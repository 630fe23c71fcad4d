import { type EventBridgeClient, PutEventsCommand, type PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import { conversationEvents, type Transition } from '#shared/domain/conversation-events.ts';
import type { ConversationEvent } from '#shared/domain/events.ts';
import { eventSource } from '#shared/facts/events.ts';

export type Bus = { client: EventBridgeClient; name: string };

/** Entries that one PutEvents takes. */
const entryLimit = 10;

/**
 * Puts the events of these steps on the bus in order, and gives how many of the first steps have all of theirs there.
 * PutEvents reports failures in its answer and does not throw: the first entry that was refused ends it, so that no
 * later event of a conversation passes an earlier one.
 */
export async function putEvents(bus: Bus, steps: readonly Transition[]): Promise<number> {
  const entries = steps.flatMap((step, place) => conversationEvents(step).map((event) => ({ place, event })));
  for (let i = 0; i < entries.length; i += entryLimit) {
    const part = entries.slice(i, i + entryLimit);
    const answer = await bus.client.send(
      new PutEventsCommand({ Entries: part.map(({ event }) => toEntry(bus, event)) }),
    );
    const failed = answer.Entries?.findIndex(({ ErrorCode: code }) => code !== undefined) ?? -1;
    const refused = part[failed === -1 && answer.FailedEntryCount ? 0 : failed];
    if (refused) return refused.place;
  }
  return steps.length;
}

const toEntry = (bus: Bus, event: ConversationEvent): PutEventsRequestEntry => ({
  EventBusName: bus.name,
  Source: eventSource,
  DetailType: event.type,
  Time: new Date(event.time),
  Detail: JSON.stringify(event),
});

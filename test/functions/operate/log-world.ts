import { EventBridgeClient, PutEventsCommand, type PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import { mockClient } from 'aws-sdk-client-mock';
import { conversationEvents } from '#shared/domain/conversation-events.ts';
import { type EarshotEvent, earshotEventSchema } from '#shared/domain/events.ts';
import { formatInstant } from '#shared/domain/instant.ts';
import type { Bus } from '#shared/publish/put-events.ts';
import { epoch, recordOf } from '#test/support/records.ts';

/** A bus that remembers what was put on it. */
export type TestBus = Bus & {
  events: EarshotEvent[];
  /** called with each event before it is taken; may throw */
  onEvent: (event: EarshotEvent) => void | Promise<void>;
};

export function testBus(): TestBus {
  const client = new EventBridgeClient({ region: 'us-east-1' });
  const bus: TestBus = { client, name: 'earshot', sleep: async () => undefined, events: [], onEvent: () => undefined };
  mockClient(client)
    .on(PutEventsCommand)
    .callsFake(async ({ Entries = [] }: { Entries?: PutEventsRequestEntry[] }) => {
      for (const { Detail } of Entries) {
        const event = earshotEventSchema.parse(JSON.parse(Detail ?? ''));
        await bus.onEvent(event);
        bus.events.push(event);
      }
      return { FailedEntryCount: 0, Entries: Entries.map(() => ({ EventId: 'x' })) };
    });
  return bus;
}

/** The event of a conversation that was discovered so many minutes after the epoch. */
export function discovered(externalId: string, minute: number, connection = 'support'): EarshotEvent {
  const { conversation } = recordOf(externalId, {}, epoch, connection);
  const after = { ...conversation, updatedAt: formatInstant(epoch + minute * 60_000) };
  const [event] = conversationEvents({ before: null, after, transcriptChanged: false });
  if (!event) throw new Error('a discovery has an event');
  return event;
}

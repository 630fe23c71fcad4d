import { setTimeout } from 'node:timers/promises';
import { EventBridgeClient, PutEventsCommand, type PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import type { EarshotEvent } from '#shared/domain/events.ts';
import { eventSource } from '#shared/facts/events.ts';

/** `sleep` in milliseconds; a test waits on a clock of its own. */
export type Bus = { client: EventBridgeClient; name: string; sleep?: (ms: number) => Promise<unknown> };

/** The bus of this name, in the function's own account. */
export const openBus = (name: string): Bus => ({ client: new EventBridgeClient({}), name });

/** Entries that one PutEvents takes, and bytes of all of them: the limit of the regions that have the lowest. */
const entryLimit = 10;
const callBytes = 262_144;

/** Pauses before events that were refused are offered again (milliseconds): throttling ends within seconds. */
const pausesMs = [100, 400, 1_600] as const;

/**
 * Puts events on the bus, and gives how many of the first of them are there. PutEvents reports refusals in its answer and
 * does not throw. Refused events are offered again after a pause; what stands behind one of the same subject waits for
 * it, while events of other subjects go on. So of those behind the first that stays refused some may be on the bus too:
 * they come again with it, under the same ids. Throws what the client throws.
 */
export async function putEvents(bus: Bus, events: readonly EarshotEvent[]): Promise<number> {
  const waiting = new Set(events);
  for (const pauseMs of [0, ...pausesMs]) {
    if (pauseMs > 0) await (bus.sleep ?? setTimeout)(pauseMs);
    await offerAll(bus, waiting);
    if (waiting.size === 0) return events.length;
  }
  return events.findIndex((event) => waiting.has(event));
}

/** Takes those that the bus has from `waiting`. A refused event holds back what is of its subject until the next time. */
async function offerAll(bus: Bus, waiting: Set<EarshotEvent>): Promise<void> {
  const held = new Set<string>();
  for (let call = nextCall(bus, waiting, held); call.length > 0; call = nextCall(bus, waiting, held)) {
    const answer = await bus.client.send(new PutEventsCommand({ Entries: call.map(({ entry }) => entry) }));
    // An answer that counts refusals and does not name them refuses all.
    const isUnclear = answer.FailedEntryCount !== 0 && !answer.Entries?.some(({ ErrorCode: code }) => code);
    call.forEach(({ event }, place) => {
      if (isUnclear || answer.Entries?.[place]?.ErrorCode) held.add(event.subject);
      else waiting.delete(event);
    });
  }
}

type Placed = { event: EarshotEvent; entry: PutEventsRequestEntry };

/** The next events in their order, one of a subject: of two in one call the first alone might be refused. */
function nextCall(bus: Bus, waiting: ReadonlySet<EarshotEvent>, held: ReadonlySet<string>): Placed[] {
  const call: Placed[] = [];
  const subjects = new Set(held);
  let bytes = 0;
  for (const event of waiting) {
    if (subjects.has(event.subject)) continue;
    subjects.add(event.subject);
    const entry = toEntry(bus, event);
    bytes += sizeOf(entry);
    if (call.length > 0 && bytes > callBytes) break;
    call.push({ event, entry });
    if (call.length === entryLimit) break;
  }
  return call;
}

const toEntry = (bus: Bus, event: EarshotEvent): PutEventsRequestEntry => ({
  EventBusName: bus.name,
  Source: eventSource,
  DetailType: event.type,
  Time: new Date(event.time),
  Detail: JSON.stringify(event),
});

/** As EventBridge counts an entry: 14 bytes for the time beside what is text. */
const sizeOf = ({ Source: source = '', DetailType: type = '', Detail: detail = '' }: PutEventsRequestEntry): number =>
  14 + Buffer.byteLength(source) + Buffer.byteLength(type) + Buffer.byteLength(detail);

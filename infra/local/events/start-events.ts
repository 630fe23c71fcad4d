import { join } from 'node:path';
import type { Access } from '../access/access.ts';
import { guardOf, startJsonService } from '../aws-json.ts';
import type { LocalServer } from '../listen.ts';
import { openDatabase } from '../sqlite.ts';
import { askedOfEvents } from './asked.ts';
import { busSchema } from './bus-store.ts';
import { type Deliver, deliverySchema, startDeliveries } from './deliveries.ts';
import { type EventListener, putEventsOperation } from './put-events.ts';
import { ruleOperations } from './rule-operations.ts';

export type EventsOptions = {
  /** everything durable lies here; one process at a time */
  dataDir: string;
  /** hands an input to the queue or function of a rule's target; throws if it was not taken */
  deliver: Deliver;
  /** told of an event that no attempt could deliver */
  report?: (problem: string) => void;
  now?: () => number;
  /** who may do what; everybody everything where absent */
  access?: Access | undefined;
};

export type LocalEvents = LocalServer & {
  /** `listener` is told of each accepted event, in order, before PutEvents answers; one that throws fails the request. */
  onEvent(listener: EventListener): void;
};

/** The embedded EventBridge: buses, rules and their targets. What was accepted is delivered, also after SIGKILL. */
export async function startEvents(options: EventsOptions): Promise<LocalEvents> {
  const { dataDir, deliver, report = (problem) => console.error(problem), now = Date.now } = options;
  const database = openDatabase(join(dataDir, 'events.sqlite'), busSchema + deliverySchema);
  const deliveries = startDeliveries(database, { deliver, report, now });
  const listeners: EventListener[] = [];
  const server = await startJsonService(
    'EventBridge',
    { ...ruleOperations(database), PutEvents: putEventsOperation(database, { deliveries, listeners, now }) },
    guardOf(options.access, askedOfEvents),
  );
  return {
    url: server.url,
    onEvent: (listener) => void listeners.push(listener),
    async close() {
      await server.close();
      await deliveries.close();
      database.close();
    },
  };
}

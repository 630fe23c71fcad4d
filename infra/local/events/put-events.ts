import type { DatabaseSync } from 'node:sqlite';
import * as z from 'zod';
import { AwsError } from '../aws-error.ts';
import { type JsonOperation, operation } from '../aws-json.ts';
import { transaction } from '../sqlite.ts';
import { nameOfArn } from '../template/arns.ts';
import { hasBus, listRules } from './bus-store.ts';
import type { Deliveries, Delivery } from './deliveries.ts';
import { type BusEvent, type EntryError, type EventEntry, entryBytes, makeEvent } from './event.ts';
import { compilePattern } from './event-pattern.ts';
import { type RuleTarget, targetInput } from './rule-target.ts';

/** Told of each accepted event; the answer to PutEvents waits for it. */
export type EventListener = (event: BusEvent, bus: string) => void | Promise<void>;

type Accepted = { event: BusEvent; bus: string };

const maxRequestBytes = 1_048_576;

const entrySchema = z.strictObject({
  Time: z.number().min(0).max(8.64e12).optional(),
  Source: z.string().optional(),
  Resources: z.array(z.string()).optional(),
  DetailType: z.string().optional(),
  Detail: z.string().optional(),
  EventBusName: z.string().optional(),
  TraceHeader: z.string().optional(),
});

/**
 * Accepted means: every listener was told, in the order of the requests, and every delivery that follows is durable.
 */
export function putEventsOperation(
  database: DatabaseSync,
  { deliveries, listeners, now }: { deliveries: Deliveries; listeners: readonly EventListener[]; now: () => number },
): JsonOperation {
  let before: Promise<unknown> = Promise.resolve();

  async function accept(accepted: readonly Accepted[]): Promise<void> {
    for (const { event, bus } of accepted) for (const listener of listeners) await listener(event, bus);
    transaction(database, () => {
      deliveries.add(accepted.flatMap(({ event, bus }) => deliveriesOf(database, event, bus, now())));
    });
  }

  return operation(z.strictObject({ Entries: z.array(entrySchema).min(1).max(10) }), async ({ Entries }) => {
    if (Entries.map(entryBytes).reduce((sum, bytes) => sum + bytes, 0) > maxRequestBytes) {
      throw new AwsError('ValidationException', 'Total size of the entries in the request is over the limit.');
    }
    const results = Entries.map((entry) => readEntry(database, entry, now()));
    const turn = before.then(() => accept(results.filter((result) => 'event' in result)));
    before = turn.catch(() => undefined);
    await turn;
    return {
      FailedEntryCount: results.filter((result) => 'ErrorCode' in result).length,
      Entries: results.map((result) => ('event' in result ? { EventId: result.event.id } : result)),
    };
  });
}

function readEntry(database: DatabaseSync, entry: EventEntry, now: number): Accepted | EntryError {
  const bus = nameOfArn(entry.EventBusName ?? 'default');
  // Dropping the event in silence would hide a wrong name.
  if (!hasBus(database, bus)) return { ErrorCode: 'InvalidArgument', ErrorMessage: `Event bus ${bus} does not exist.` };
  const event = makeEvent(entry, now);
  return 'ErrorCode' in event ? event : { event, bus };
}

function deliveriesOf(database: DatabaseSync, event: BusEvent, bus: string, accepted: number): Delivery[] {
  const rules = listRules(database, bus).filter(
    (rule) => rule.state === 'ENABLED' && compilePattern(rule.pattern)(event),
  );
  return rules.flatMap((rule) => rule.targets).map((target) => deliveryTo(target, event, accepted));
}

function deliveryTo(target: RuleTarget, event: BusEvent, accepted: number): Delivery {
  const { MaximumRetryAttempts = 185, MaximumEventAgeInSeconds = 86_400 } = target.RetryPolicy ?? {};
  return {
    targetArn: target.Arn,
    input: targetInput(target, event),
    accepted,
    maxRetries: MaximumRetryAttempts,
    maxAgeMs: MaximumEventAgeInSeconds * 1000,
    deadLetterArn: target.DeadLetterConfig?.Arn,
  };
}

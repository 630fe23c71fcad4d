import type { DynamoDBRecord } from 'aws-lambda';
import { hourMs, hourOf } from '#shared/domain/ledger.ts';
import { eventTypes } from '#shared/facts/events.ts';
import type { Clock } from '#shared/http/clock.ts';
import { type EventObject, listEventObjects, readEventObject, removeEvents } from '#shared/storage/event-log.ts';
import type { Bucket } from '#shared/storage/media-objects.ts';
import { toTransition } from '#shared/storage/outbox.ts';
import type { Buried } from './bury.ts';

/** A version's event bears the time of its put, which may have been renewed when that was slow. */
const slackMs = 600_000;

/** How long it is waited for the last event of a conversation: publish may be behind, or have failed for good. */
const patienceMs = 900_000;
const pausesMs = { first: 1_000, longest: 30_000 };

/**
 * Waits until the ends of these conversations stand in the log: what was published before them, which is all that there was,
 * stands there too then. Goes on without them when publish is too far behind; its failed batches are cleared as well.
 */
export async function* untilTold(
  log: Bucket,
  buried: readonly Buried[],
  clock: Clock,
): AsyncGenerator<void, void, void> {
  const waiting = new Map(buried.map(({ stone }) => [stone.uuid, Date.parse(stone.at)]));
  let pause = pausesMs.first;
  while (waiting.size > 0) {
    const now = clock.now();
    for (const [uuid, at] of waiting) if (now - at > patienceMs) waiting.delete(uuid);
    const [first] = [...waiting.values()].sort((a, b) => a - b);
    if (first === undefined) return;
    const span = { from: new Date(first).toISOString(), to: new Date(now + hourMs).toISOString() };
    for await (const { key } of listEventObjects(log, span)) {
      for (const { type, data } of await readEventObject(log, key)) {
        if (type === eventTypes.erased && 'uuid' in data) waiting.delete(data.uuid);
      }
    }
    if (waiting.size === 0) return;
    await clock.sleep(pause);
    pause = Math.min(pause * 2, pausesMs.longest);
    yield;
  }
}

/** Rewrites the log of the hours in which these had versions without their events, but for the last of each. */
export async function* clearEvents(log: Bucket, buried: readonly Buried[]): AsyncGenerator<number, void, void> {
  yield* clearHours(log, hoursOf(buried), new Set(buried.map(({ stone }) => stone.uuid)));
}

/** The same for these conversations in these hours (their beginnings, milliseconds since 1970). */
export async function* clearHours(
  log: Bucket,
  hours: readonly number[],
  uuids: ReadonlySet<string>,
): AsyncGenerator<number, void, void> {
  for (const hour of hours) {
    const objects: EventObject[] = [];
    const from = new Date(hour).toISOString();
    for await (const object of listEventObjects(log, { from, to: new Date(hour + 1).toISOString() }))
      objects.push(object);
    for (const object of objects) {
      yield await removeEvents(
        log,
        object,
        ({ type, data }) => type !== eventTypes.erased && 'uuid' in data && uuids.has(data.uuid),
      );
    }
  }
}

/** Takes the events of these steps of the table's stream from the log: their conversations were gone before they were told. */
export async function takeBackEvents(log: Bucket, records: readonly DynamoDBRecord[]): Promise<void> {
  const told = records.flatMap((record) => toTransition(record)?.after ?? []);
  const hours = new Set(told.map(({ updatedAt }) => hourOf(Date.parse(updatedAt))));
  for await (const _ of clearHours(log, [...hours], new Set(told.map(({ uuid }) => uuid))));
}

/** Beginnings of the hours in which events of these may stand (milliseconds since 1970), in order. */
function hoursOf(buried: readonly Buried[]): number[] {
  const hours = new Set<number>();
  const add = (from: number, to: number): void => {
    for (let at = hourOf(from); at <= to; at += hourMs) hours.add(at);
  };
  for (const { remains } of buried) {
    for (const at of [...remains.written, remains.updatedAt]) add(Date.parse(at) - slackMs, Date.parse(at) + slackMs);
    // Older versions than the history knows were written somewhere in between.
    const oldest = remains.written[0] ?? remains.updatedAt;
    if (remains.written.length < remains.versions) add(Date.parse(remains.firstSeenAt) - slackMs, Date.parse(oldest));
  }
  return [...hours].sort((a, b) => a - b);
}

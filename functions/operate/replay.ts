import * as z from 'zod';
import { ServiceUnavailable } from '#shared/domain/errors.ts';
import type { EarshotEvent } from '#shared/domain/events.ts';
import { type ReplayRequest, replayed, replayFilter, replayRequest } from '#shared/domain/operation-replay.ts';
import type { Clock } from '#shared/http/clock.ts';
import { type Bus, putEvents } from '#shared/publish/put-events.ts';
import { listEventObjects, readEventObject } from '#shared/storage/event-log.ts';
import type { Bucket } from '#shared/storage/media-objects.ts';
import type { Saved } from '#shared/storage/operation-lease.ts';
import type { Runner, Task, Work } from './runner.ts';

export type ReplayContext = { log: Bucket; bus: Bus; clock: Pick<Clock, 'now' | 'sleep'> };

/**
 * Events a second that a replay puts on the bus: little beside the 10,000 calls a second that EventBridge takes in us-east-1
 * and the 2,400 in us-east-2 ("Amazon EventBridge quotas", PutEvents). Smaller regions take less, of all buses together,
 * and live events have to find their place there whatever is replayed.
 */
export const eventsPerSecond = 100;

/** Events between two pauses: one PutEvents takes as many. */
const chunkEvents = 10;

const placeSchema = z.object({
  /** the last object of the log that is done, and its hour; null before the first */
  after: z.object({ key: z.string(), hour: z.string() }).nullable(),
  /** wanted events of the next object that are on the bus already */
  sent: z.int(),
  /** events of the log looked at, and how many there are */
  done: z.int(),
  total: z.int(),
  /** events put on the bus */
  events: z.int(),
});
type Place = Readonly<z.infer<typeof placeSchema>>;

/** Reads the event log and puts what the request wants on the bus again, each event once, in the order of the log. */
export const replayRunner =
  (context: ReplayContext): Runner =>
  (task) =>
    replay(context, task);

async function* replay(context: ReplayContext, { operation, place }: Task): Work {
  const request = replayRequest.parse(operation.request);
  let at: Place = place === null ? await firstPlace(context.log, request) : placeSchema.parse(place);
  // Only at the beginning: a run that goes on must get a step further, however short its time is.
  if (place === null) yield saved(at);
  const seen = await seenBefore(context.log, request, at);
  let hour = at.after?.hour;
  for await (const object of listEventObjects(context.log, request, at.after?.key)) {
    // An event that stands in the log twice stands twice in its own hour.
    if (object.hour !== hour) seen.clear();
    hour = object.hour;
    const wanted = unseen(await readEventObject(context.log, object.key), request, seen);
    while (at.sent < wanted.length) {
      const chunk = wanted.slice(at.sent, at.sent + chunkEvents);
      await send(context, operation.id, request, chunk);
      at = { ...at, sent: at.sent + chunk.length, events: at.events + chunk.length };
      yield saved(at);
    }
    at = { ...at, after: { key: object.key, hour }, sent: 0, done: at.done + object.count };
    yield saved(at);
  }
  return { progress: { done: at.done, total: at.done }, result: { events: at.events } };
}

async function firstPlace(log: Bucket, request: ReplayRequest): Promise<Place> {
  let total = 0;
  for await (const { count } of listEventObjects(log, request)) total += count;
  return { after: null, sent: 0, done: 0, total, events: 0 };
}

/** The ids of the wanted events of the hour in which an earlier run stopped, as far as it came. */
async function seenBefore(log: Bucket, request: ReplayRequest, { after }: Place): Promise<Set<string>> {
  const seen = new Set<string>();
  if (after === null) return seen;
  const hour = { from: `${after.hour}:00:00.000Z`, to: request.to };
  for await (const { key } of listEventObjects(log, hour)) {
    if (key > after.key) break;
    unseen(await readEventObject(log, key), request, seen);
  }
  return seen;
}

/** The wanted events that were not seen; they are from now on. */
function unseen(events: readonly EarshotEvent[], request: ReplayRequest, seen: Set<string>): EarshotEvent[] {
  const wants = replayFilter(request);
  return events.filter((event) => {
    if (!wants(event) || seen.has(event.id)) return false;
    seen.add(event.id);
    return true;
  });
}

/** Takes as long as the pace allows for so many events. */
async function send(
  { bus, clock }: ReplayContext,
  operation: string,
  { subscriber }: ReplayRequest,
  events: readonly EarshotEvent[],
): Promise<void> {
  const begun = clock.now();
  const taken = await putEvents(
    bus,
    events.map((event) => replayed(event, operation, subscriber)),
  );
  if (taken < events.length) throw new ServiceUnavailable('the bus refused events again and again');
  const left = begun + (events.length / eventsPerSecond) * 1_000 - clock.now();
  if (left > 0) await clock.sleep(left);
}

/** The estimate takes every event that is left for a wanted one. */
function saved(place: Place): Saved {
  const { done } = place;
  const total = Math.max(place.total, done);
  return { progress: { done, total }, estimateSeconds: Math.ceil((total - done) / eventsPerSecond), place };
}

import * as z from 'zod';
import { eventTypes } from '#shared/facts/events.ts';
import type { EarshotEvent } from './events.ts';
import { instant } from './instant-schema.ts';
import { operationSchemaOf } from './operation.ts';

/** A replay: events that left once are put on the bus again, under the ids that they had. */

const mostIds = 500;
/** No id of ours comes near: an external id of 400 bytes is percent-encoded three times as long. */
const longestId = 2_048;

/** `earshot.transcript.ready.v1`, or `transcript.ready`. */
const shortNameOf = (type: string): string => type.slice('earshot.'.length, -'.v1'.length);
const typeOf = new Map<string, string>(
  Object.values(eventTypes).flatMap((type) => [
    [type, type],
    [shortNameOf(type), type],
  ]),
);
const shortNames = Object.values(eventTypes).map(shortNameOf);

const eventType = z
  .string('expected text')
  .transform((name, context) => {
    const type = typeOf.get(name);
    if (type !== undefined) return type;
    context.addIssue({ code: 'custom', message: `expected types of ${shortNames.join(', ')}` });
    return z.NEVER;
  })
  .pipe(z.string())
  .meta({ description: 'whole, `earshot.transcript.ready.v1`, or without `earshot.` and `.v1`' });

const name = (what: string) => z.string('expected text').regex(/^[a-z0-9-]{1,40}$/, `expected ${what}`);

/** Names of what a request asks for, as ids of conversations, of events or of anything else that has one. */
export const idList = z
  .array(
    z.string('expected text').min(1, 'expected ids').max(longestId, `expected at most ${longestId} characters`),
    'expected a list of ids',
  )
  .min(1, 'expected at least one id')
  .max(mostIds, `expected at most ${mostIds} ids`);

export const replayRequest = z
  .strictObject({
    from: instant.pipe(z.iso.datetime()).meta({ description: '`time` of the first events, included' }),
    to: instant.pipe(z.iso.datetime()).meta({ description: '`time` of the last events, excluded' }),
    types: z
      .array(eventType, 'expected a list of types')
      .min(1, 'expected at least one type')
      .max(shortNames.length, `expected at most ${shortNames.length} types`)
      .optional(),
    connection: name('the id of a connection')
      .optional()
      .meta({ description: 'needed by a client that is limited to connections' }),
    ids: idList.optional().meta({ description: 'ids or uuids of conversations, subjects or ids of events' }),
    subscriber: name('the name of a subscriber')
      .optional()
      .meta({ description: 'the one subscriber that gets them; all do where it is left out' }),
  })
  .refine(({ from, to }) => from < to, { path: ['to'], message: 'expected an instant behind from' });
export type ReplayRequest = z.infer<typeof replayRequest>;

export const replayResult = z.object({
  events: z.int().nonnegative().meta({ description: 'that were put on the bus' }),
});

/** A replay as the lookup API shows it: its request as it was understood. */
export const replaySchema = operationSchemaOf('replays', replayRequest, replayResult);

/** Whether a replay wants an event. */
export function replayFilter({ from, to, types, connection, ids }: ReplayRequest): (event: EarshotEvent) => boolean {
  const wantedTypes = types && new Set<string>(types);
  const wantedIds = ids && new Set(ids);
  return ({ time, type, id, subject, data }) => {
    if (time < from || time >= to) return false;
    if (wantedTypes && !wantedTypes.has(type)) return false;
    if (connection !== undefined && data.connection !== connection) return false;
    if (!wantedIds) return true;
    return wantedIds.has(id) || wantedIds.has(subject) || ('uuid' in data && wantedIds.has(data.uuid));
  };
}

/** An event as a replay sends it: the same id, and two extension attributes more. */
export const replayed = (event: EarshotEvent, replay: string, subscriber: string | undefined): EarshotEvent => ({
  ...event,
  replay,
  ...(subscriber !== undefined && { replayto: subscriber }),
});

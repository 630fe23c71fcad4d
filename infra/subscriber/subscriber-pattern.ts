import type { EventPattern } from 'aws-cdk-lib/aws-events';
import { eventSource, eventTypes } from '#shared/facts/events.ts';

type FullName = (typeof eventTypes)[keyof typeof eventTypes];
type ShortOf<Name> = Name extends `earshot.${infer Short}.v1` ? Short : never;

/** A type of event, whole (`earshot.transcript.ready.v1`) or short (`transcript.ready`). */
export type EventTypeName = FullName | ShortOf<FullName>;

export type Wanted = {
  /** the name by which replays are aimed at the subscriber (`replayto`): 1 to 40 of a-z, 0-9 and "-" */
  name: string;
  /** all types where absent */
  types?: readonly EventTypeName[];
  /** ids of connections; all where absent */
  connections?: readonly string[];
  /** what must hold of the event's data beside that, in EventBridge's pattern language: `{ channel: ['voice'] }` */
  pattern?: Readonly<Record<string, unknown>>;
};

const namePattern = /^[a-z0-9-]{1,40}$/;
const fullNames: readonly string[] = Object.values(eventTypes);

/**
 * The pattern of a subscriber's rule. Replays that are aimed at another subscriber do not pass: an event without
 * `replayto` is for everybody, one with it for whom it names. Throws RangeError for what cannot be meant.
 */
export function subscriberPattern({ name, types, connections, pattern = {} }: Wanted): EventPattern {
  if (!namePattern.test(name)) throw new RangeError('name: expected 1 to 40 of a-z, 0-9 and "-"');
  if (types?.length === 0) throw new RangeError('types: expected at least one, or none of the property');
  if (connections?.length === 0) throw new RangeError('connections: expected at least one, or none of the property');
  if (connections && 'connection' in pattern) throw new RangeError('pattern.connection: expected only in connections');
  const data = { ...pattern, ...(connections && { connection: [...connections] }) };
  return {
    source: [eventSource],
    ...(types && { detailType: [...new Set(types.map(fullName))] }),
    detail: {
      replayto: [{ exists: false }, name],
      ...(Object.keys(data).length > 0 && { data }),
    },
  };
}

function fullName(type: string): string {
  const name = fullNames.includes(type) ? type : `${eventSource}.${type}.v1`;
  if (!fullNames.includes(name)) throw new RangeError(`types: expected one of ${fullNames.join(', ')}, not ${type}`);
  return name;
}

import * as z from 'zod';
import { eventTypes } from '#shared/facts/events.ts';
import { connectionPath } from './connection-events.ts';
import { providerNames } from './conversation.ts';
import { envelope } from './event-envelope.ts';
import type { EarshotEvent } from './events.ts';

/** Something that a provider sent and no schema of ours knows. */
export const seenDriftSchema = z.object({
  connection: z.string(),
  provider: z.enum(providerNames),
  field: z.string(),
  /** when it was first seen, ISO 8601 UTC */
  at: z.string(),
});
export type SeenDrift = z.infer<typeof seenDriftSchema>;

const longestPath = 200;

/**
 * A drift path (shared/providers/read-record.ts) as it may stand in keys, ids and links: nothing but the characters that
 * such paths are made of, and not longer than anybody reads.
 */
export const fieldPath = (path: string): string => path.replace(/[^A-Za-z0-9._[\]<>=-]/g, '?').slice(0, longestPath);

export function driftEvent({ connection, provider, field, at }: SeenDrift): EarshotEvent {
  return {
    ...envelope({ type: eventTypes.drift, subject: `${connection}/${field}`, number: 1, time: at }),
    data: { connection, provider, href: connectionPath(connection), field },
  };
}

import * as z from 'zod';
import { eventTypes } from '#shared/facts/events.ts';
import { providerNames } from './conversation.ts';
import { envelope } from './event-envelope.ts';
import type { EarshotEvent } from './events.ts';
import { formatInstant } from './instant.ts';

/** A change of what a connection's stream item says of its health. Instants in milliseconds since 1970. */
export const stateChangeSchema = z.object({
  connection: z.string(),
  stream: z.string(),
  provider: z.enum(providerNames),
  /** counts the changes: odd ones degrade, even ones recover */
  change: z.int().positive(),
  failures: z.int().nonnegative(),
  /** null for a recovery */
  lastError: z.object({ code: z.string(), at: z.number() }).nullable().default(null),
  lastSuccessAt: z.number().nullable().default(null),
});
export type StateChange = z.infer<typeof stateChangeSchema>;

/** The event of a change. Every connector has one stream, so that its changes are the connection's. */
export function stateEvent({ failures, lastError, lastSuccessAt, ...told }: StateChange): EarshotEvent {
  const { connection, provider, stream, change } = told;
  const at = formatInstant(lastError?.at ?? lastSuccessAt ?? 0);
  const attributes = { subject: connection, number: change, time: at };
  const data = { connection, provider, href: connectionPath(connection), stream, change };
  if (lastError === null) return { ...envelope({ ...attributes, type: eventTypes.recovered }), data };
  return {
    ...envelope({ ...attributes, type: eventTypes.degraded }),
    data: { ...data, code: lastError.code, failures },
  };
}

/** Where the lookup API shows a connection. */
export const connectionPath = (connection: string): string => `/v1/connections/${encodeURIComponent(connection)}`;

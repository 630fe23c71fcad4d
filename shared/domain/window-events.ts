import { eventTypes } from '#shared/facts/events.ts';
import { connectionPath } from './connection-events.ts';
import type { ProviderName } from './conversation.ts';
import { envelope } from './event-envelope.ts';
import type { EarshotEvent } from './events.ts';
import { fitting } from './fit-event.ts';

/** What a later reading of an hour found. `reading` counts the readings of this hour. */
export type WindowReading = {
  connection: string;
  provider: ProviderName;
  /** the hour's beginning, ISO 8601 UTC */
  hour: string;
  reading: number;
  /** when it was read, ISO 8601 UTC */
  readAt: string;
  listed: number;
  stored: number;
  /** how many are listed and nothing is here of them, and their ids at the provider, not necessarily all */
  missing: number;
  missingIds: readonly string[];
};

/** `window.verified` where nothing is missing, else `window.gap`. */
export function windowEvent({ readAt, missing, missingIds, ...reading }: WindowReading): EarshotEvent {
  const { connection, provider, hour, reading: number, listed, stored } = reading;
  const attributes = { subject: `${connection}/${hour}`, number, time: readAt };
  const data = { connection, provider, href: connectionPath(connection), hour, reading: number, listed, stored };
  if (missing === 0) return { ...envelope({ ...attributes, type: eventTypes.windowVerified }), data };
  return {
    ...envelope({ ...attributes, type: eventTypes.windowGap }),
    data: { ...data, missing, missingIds: fitting(missingIds, (id) => id) },
  };
}

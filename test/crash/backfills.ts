import { beginBackfill } from '#functions/lookup/operations/backfills.ts';
import { formatInstant } from '#shared/domain/instant.ts';
import type { Deployed } from './deployed.ts';

/** Asks for the world's span as a client does, which asks again while it has no answer. */
export async function askForBackfill({ world, store, clock }: Deployed): Promise<void> {
  const { connection, span } = world;
  if (!span) throw new Error('the world names no span');
  const file = { connections: [connection], clients: [], corsOrigins: [] };
  const request = { connection: connection.id, from: formatInstant(span.from), to: formatInstant(span.to) };
  await beginBackfill({ lookup: { store, file, now: clock.now, recordsSince: {} } }, request);
}
